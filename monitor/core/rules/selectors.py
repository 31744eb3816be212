"""CSS selectors that name the entries of a page without a feed."""

from __future__ import annotations

import cssselect


def fault_of_selector(selector: str) -> str:
    """What is wrong with a selector, in words; empty: nothing.

    It may be anything that a style sheet may say of an element (Selectors Level 3), and name no
    pseudo-element, as those are no elements of the page.
    """
    try:
        parsed = cssselect.parse(selector)
        translator = cssselect.HTMLTranslator()
        if any(one.pseudo_element for one in parsed):
            return "a pseudo-element (::) is no element of the page"
        for one in parsed:
            translator.selector_to_xpath(one)
    except cssselect.SelectorError as error:
        return str(error)
    except RecursionError:
        return "it nests too deep"
    return ""
