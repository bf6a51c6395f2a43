"""A form of a page as a browser without scripts has it: filled in by field and label, sent where it says."""

import html
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from django.test import Client


@dataclass
class Choice:
    """One thing that can be chosen, by the words beside it."""

    value: str
    label: str = ""


@dataclass
class PageForm(HTMLParser):
    """The one form of the page that is sent by POST: what is in it already, and what can be chosen."""

    address: str
    values: dict[str, list[str]] = field(default_factory=dict)
    choices: dict[str, list[Choice]] = field(default_factory=dict)
    inside: bool = False
    named: str = ""
    open_choice: Choice | None = None
    area: str = ""

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def __hash__(self) -> int:
        return id(self)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        """Note fields and choices inside the form."""
        at = {name: value or "" for name, value in attributes}
        if tag == "form":
            self.inside = at.get("method") == "post" and "sign-out" not in at.get("action", "")
        if not self.inside:
            return
        if tag == "input" and at.get("type") in ("radio", "checkbox") and at.get("name"):
            self.open_choice = Choice(at.get("value", "on"))
            self.choices.setdefault(at["name"], []).append(self.open_choice)
            if "checked" in at:
                self.values.setdefault(at["name"], []).append(at.get("value", "on"))
        elif tag == "input" and at.get("name") and at.get("type") not in ("file", "submit"):
            self.values.setdefault(at["name"], []).append(at.get("value", ""))
        elif tag in ("select", "textarea"):
            self.named = at["name"]
            self.area = "" if tag == "textarea" else self.area
        elif tag == "option" and self.named:
            self.open_choice = Choice(at.get("value", ""))
            self.choices.setdefault(self.named, []).append(self.open_choice)
            if "selected" in at:
                self.values[self.named] = [at.get("value", "")]

    def handle_data(self, data: str) -> None:
        """The words beside a choice."""
        if self.open_choice is not None:
            self.open_choice.label += data.strip()
        elif self.named and self.inside:
            self.area += data

    def handle_endtag(self, tag: str) -> None:
        """The end of a choice, a field, the form."""
        if tag in ("label", "option"):
            self.open_choice = None
        if tag == "textarea" and self.inside:
            self.values[self.named] = [self.area]
        if tag in ("select", "textarea"):
            self.named = ""
        if tag == "form":
            self.inside = False

    def put(self, name: str, value: Any) -> None:
        """Fill a field in; choices by the words beside them, or their beginning."""
        wanted = value if isinstance(value, list) else [value]
        if value is True or value is False:
            assert name in self.choices, f"no box {name}"
            self.values[name] = ["on"] if value else []
            return
        offered = self.choices.get(name)
        assert offered is not None or name in self.values, (
            f"{name} is not in {sorted({*self.values, *self.choices})}"
        )
        self.values[name] = (
            [self.chosen(name, str(one)) for one in wanted] if offered else [str(one) for one in wanted]
        )

    def chosen(self, name: str, words: str) -> str:
        """The value behind the words."""
        offered = self.choices[name]
        found = [c for c in offered if c.label.startswith(words) or c.value == words]
        assert found, f"{words} is not among {[c.label for c in offered]}"
        return found[0].value


def form_at(client: Client, address: str) -> PageForm:
    """The form that stands there."""
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return form_on(answer, address)


def form_on(answer: Any, address: str) -> PageForm:
    """The form on a page that has come already; it is sent to `address`."""
    form = PageForm(address)
    form.feed(answer.content.decode())
    assert form.values, f"{address} has no form"
    return form


def send(client: Client, form: PageForm, /, **files: Any) -> Any:
    """Send it as a browser would."""
    return client.post(form.address, {**form.values, **files})


def fill_in(client: Client, address: str, /, **told: Any) -> Any:
    """Open a form, fill it in, send it."""
    form = form_at(client, address)
    for name, value in told.items():
        form.put(name, value)
    return send(client, form)


def words(answer: Any) -> str:
    """The page as text with its marks of HTML undone."""
    return html.unescape(answer.content.decode())
