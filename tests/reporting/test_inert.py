"""What an author types can do nothing either."""

from __future__ import annotations

import pytest

from analysis.reporting.inert import allowed_link, inert
from analysis.reporting.pandoc import read_markdown
from analysis.reporting.tree import text_of, walk


def _kinds(markdown: str) -> set[str]:
    [tree] = read_markdown([markdown])
    return {item["t"] for item in walk(inert(tree))}


@pytest.mark.parametrize(
    "markdown",
    [
        "<script>alert(1)</script>",
        "<div onclick='x'>text</div>",
        "`<b>`{=html} and `#read(1)`{=typst} and `<w:p/>`{=openxml}",
        '```{=typst}\n#read("/etc/passwd")\n```',
        "```{=html}\n<script>alert(1)</script>\n```",
        "\\input{/etc/passwd} $\\alpha$ \\begin{x}y\\end{x}",
        "---\nheader-includes: <script>x</script>\n---\n\ntext",
        "% Title\n\ntext",
    ],
)
def test_raw_markup_of_any_format_is_text(markdown: str) -> None:
    assert not _kinds(markdown) & {"RawBlock", "RawInline", "Math"}
    assert text_of(inert(read_markdown([markdown])[0])).strip()


@pytest.mark.parametrize(
    "target",
    ["javascript:alert(1)", "JAVASCRIPT:alert(1)", "data:text/html,x", "http://example.org", "file:///etc/passwd",
     "//example.org/x", "/etc/passwd", "figures/x.svg", " https://x", "https:///x", "mailto:", "#a b", "vbscript:x"],
)  # fmt: skip
def test_other_links_lose_their_target(target: str) -> None:
    assert not allowed_link(target)


@pytest.mark.parametrize("target", ["https://example.org/a?b=c#d", "mailto:a@example.org", "#tbl-scope"])
def test_links_that_may_stay(target: str) -> None:
    assert allowed_link(target)


def test_a_link_that_goes_keeps_its_words() -> None:
    [tree] = read_markdown(["See [the *list*](javascript:alert(1)) and <https://example.org>."])
    changed = inert(tree)
    assert text_of(changed) == "See the list and https://example.org."
    assert [item["c"][2][0] for item in walk(changed) if item["t"] == "Link"] == ["https://example.org"]


def test_images_in_text_become_their_description() -> None:
    [tree] = read_markdown(["![the passwords](/etc/passwd) and ![x](https://example.org/pixel.png)"])
    assert "Image" not in {item["t"] for item in walk(inert(tree))}
    assert text_of(inert(tree)) == "the passwords and x"


def test_attributes_go_but_a_language_stays() -> None:
    [tree] = read_markdown(
        ['[logica]{lang=nl} [x]{onclick="a" .b #c typst:text:fill="red" lang="a b"}\n\n# H {#id .c k=v}']
    )
    attributes = [item["c"][0] for item in walk(inert(tree)) if item["t"] == "Span"]
    assert attributes == [["", [], [["lang", "nl"]]], ["", [], []]]
    assert [item["c"][1] for item in walk(inert(tree)) if item["t"] == "Header"] == [["", [], []]]


def test_an_open_fence_does_not_swallow_the_next_piece() -> None:
    first, second = read_markdown(["```\nopen", "# A heading"])
    assert second[0]["t"] == "Header"
    assert first[0]["t"] in ("CodeBlock", "Para")
