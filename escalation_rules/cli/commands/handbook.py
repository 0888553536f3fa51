"""`escalation-rules handbook`: writes the whole policy as a document for staff."""

from __future__ import annotations

import argparse
from pathlib import Path

from escalation_rules import LANGUAGES
from escalation_rules.cli.arguments.parser import add_policy, add_zone, chosen_zone
from escalation_rules.cli.loading import load_policy, require_text_output
from escalation_rules.cli.names import role_named
from escalation_rules.cli.text import streams
from escalation_rules.errors import Diagnostic, RequestError
from escalation_rules.tools.analysis.origin import origin

HELP = "writes the whole policy as a document that staff read"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `handbook`."""
    add_policy(parser)
    parser.add_argument("--format", choices=("md", "html"), default="md", help="Markdown (the default), or one HTML file; "
                        "for a PDF, print the HTML from a browser")  # fmt: skip
    parser.add_argument("--for", dest="role", metavar="ROLE", help="only what concerns a role")
    parser.add_argument("--only", metavar="LAYER|FILE|RULESET",
                        help="only what a layer, a file or a ruleset says, such as your own layer")  # fmt: skip
    parser.add_argument("--out", metavar="FILE", help="write it to a file (default: stdout)")
    parser.add_argument("--features", metavar="PATH", nargs="+", action="extend", default=[],
                        help="feature files, or folders of them; each rule lists the scenarios that mention it")  # fmt: skip
    parser.add_argument("--source-url", metavar="URL", help="where the files of the policy are to be read on the web, such as "
                        "https://git.example/policy/blob/main (default: links to the files themselves)")  # fmt: skip
    add_zone(parser)
    parser.add_argument(
        "--lang", choices=LANGUAGES, help="language (default: the first that the policy is written in)"
    )


def run(options: argparse.Namespace) -> int:
    """Write the handbook."""
    zone = chosen_zone(options.zone)
    require_text_output()
    from escalation_rules.cli.handbook import Selection, book_of, html_of, markdown_of, scenarios
    from escalation_rules.cli.handbook.places import Places

    if options.source_url is not None and not options.source_url.startswith(("https://", "http://")):
        raise RequestError([Diagnostic("bad-option", f"{options.source_url!r} is not the address of a web page",
                                       path="--source-url", expected="https://…")])  # fmt: skip
    policy = load_policy(list(options.policy), options)
    role = role_named(policy.model, options.role)
    only = None if options.only is None else origin(policy.model, policy.layers, options.only, alone=False)
    part = Selection(policy.model, role, only)
    book = book_of(policy, options.lang, zone, scenarios(options.features), part)
    places = Places(Path(options.out).parent if options.out else Path.cwd(), options.source_url)
    text = html_of(book, places) if options.format == "html" else markdown_of(book, places)
    if options.out is None:
        streams.write(text)
        return 0
    try:
        Path(options.out).write_text(text, encoding="utf-8")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        message = f"{options.out} cannot be written: {reason}"
        raise RequestError([Diagnostic("unwritable", message, path="--out")]) from None
    return 0
