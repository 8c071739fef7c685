"""What a street office installs: one wheel with everything in it."""

import subprocess
import sys
import zipfile

from bootstrap import ROOT, STATIC


def test_the_wheel_carries_every_file_of_the_package(tmp_path):
    kept = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "fenghuang").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }

    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)

    (wheel,) = tmp_path.glob("*.whl")
    carried = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert carried == kept


def test_the_set_up_left_static_files_and_translations_for_the_wheel_to_carry():
    texts = list((ROOT / "fenghuang").rglob("*.po"))

    uncompiled = [text for text in texts if not text.with_suffix(".mo").exists()]

    assert (STATIC / "staticfiles.json").exists()
    assert texts
    assert uncompiled == []
