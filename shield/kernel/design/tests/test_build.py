"""The build of styles, scripts and fonts: what it commits to, and what it says when it cannot go on."""

import json
import re

import pytest

from shield.kernel.design.management import build


def test_the_lock_file_names_no_host_and_holds_a_digest_of_every_package():
    text = (build.ROOT / "package-lock.json").read_text()
    assert not re.search(r"https?://", text)
    packages = {name: package for name, package in json.loads(text)["packages"].items() if name}
    assert packages
    assert all(package["integrity"].startswith("sha512-") for package in packages.values())


def test_every_package_is_pinned():
    wanted = json.loads((build.ROOT / "package.json").read_text())
    versions = [*wanted["dependencies"].values(), *wanted["devDependencies"].values()]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in versions)
    assert wanted["dependencies"]["govuk-frontend"] == "6.3.0"


@pytest.mark.parametrize(
    ("output", "line"),
    [
        (
            "npm error code ECONNREFUSED\nnpm error syscall connect",
            "the package registry was not reached (ECONNREFUSED).",
        ),
        ("\nError: Undefined variable.\n   at x.scss", "Error: Undefined variable."),
        ("", "it said nothing"),
    ],
)
def test_a_failure_is_told_in_a_line(output, line):
    assert build.telling_line(output).startswith(line)
    assert "\n" not in build.telling_line(output)


def test_a_tool_that_fails_ends_the_build_with_its_name():
    with pytest.raises(build.BuildError, match=r"sass failed: .+"):
        build.run("sass", build.node(build.MODULES / "sass" / "sass.js", "/nowhere.scss"))


def test_nothing_is_done_when_nothing_has_changed(capsys):
    if not (build.OUT / ".stamp").exists():
        pytest.fail("Nothing is built: run `python -m shield.kernel.design.management.build` first.")
    assert build.main([]) == 0
    assert build.main([]) == 0
    assert capsys.readouterr().out.endswith("up to date\n")
