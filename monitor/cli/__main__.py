"""`python -m monitor.cli` is `claimwatch`."""

from monitor.cli.main import main

if __name__ == "__main__":
    main()
