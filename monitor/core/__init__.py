"""Every judgement of the product, as pure functions over frozen values: no I/O, clock, chance or setting."""
