"""What passes between the steps of estimate cannot be changed on its way."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields, is_dataclass
from types import ModuleType

import pytest

from toolkit.estimate import correction, grouping, intervals, keyness, kwic, prevalence, tally


@pytest.mark.parametrize(
    "module",
    [correction, grouping, intervals, keyness, kwic, prevalence, tally],
    ids=lambda module: module.__name__,
)
def test_values_cannot_be_changed_once_made(module: ModuleType) -> None:
    made = [kind for kind in vars(module).values() if isinstance(kind, type) and is_dataclass(kind)]
    assert made
    for kind in made:
        with pytest.raises(FrozenInstanceError):
            setattr(object.__new__(kind), fields(kind)[0].name, None)
