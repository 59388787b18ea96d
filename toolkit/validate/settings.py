"""How a run is checked: the block `validate` of a config."""

from __future__ import annotations

from pydantic import Field

from toolkit.settings import Settings


class ValidateSettings(Settings):
    """How a run is checked."""

    top: int = Field(10, ge=2, le=50, description="Keywords a theme that coherence and diversity look at.")
    draws: int = Field(200, ge=20, le=10_000, description="Bootstrap samples behind each interval.")
    baseline_draws: int = Field(20, ge=5, le=1000, description="Random assignments behind each baseline.")
    density_sample: int = Field(1500, ge=50, le=10_000, description="Texts that density-based validity looks at.")
