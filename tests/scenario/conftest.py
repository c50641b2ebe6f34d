import numpy as np
import pytest

from tertius.world.model import SECTORS, World

EUROPE = "AUT BEL BGR CYP CZE DEU DNK ESP EST FIN FRA GRC HRV HUN IRL ITA LTU LUX LVA MLT NLD POL PRT ROU"
OTHERS = "SVK SVN SWE AUS CAN CHE CHN CUB GBR IND IRN JPN KOR MEX NOR PRK RUS TUR USA VEN ROW"


def made_up_world(countries, seed=7, year=2023):
    """A balanced-looking world of made-up numbers: home sales dominate, everyone trades everything."""
    rng = np.random.default_rng(seed)
    S, N = len(SECTORS), len(countries)
    sales = rng.uniform(1.0, 10.0, (S, N, N))
    home = np.arange(N)
    sales[:, home, home] *= 40.0
    shadow = np.zeros((S, N, N))
    if "IRN" in countries and "CHN" in countries:
        i, n, oil = countries.index("IRN"), countries.index("CHN"), list(SECTORS).index("crude_oil_gas")
        shadow[oil, i, n] = 0.75 * sales[oil, i, n]
    tariff = rng.uniform(0.0, 0.1, (S, N, N))
    tariff[:, home, home] = 0.0
    output = sales.sum(axis=2)
    spending = (sales * (1 + tariff)).sum(axis=1)
    inputs = np.zeros((N, S, S))
    for n in range(N):
        inputs[n] = 0.4 * np.outer(spending[:, n], output[:, n]) / output[:, n].sum()
    return World(
        year=year,
        shadow_reading="central",
        countries=tuple(countries),
        sectors=tuple(SECTORS),
        sales=sales,
        shadow=shadow,
        tariff=tariff,
        inputs=inputs,
        quality=np.zeros((S, N, N), dtype=np.uint8),
        medicine=np.full(N, 0.25),
        snapshot="made up",
    )


@pytest.fixture(scope="session")
def world():
    return made_up_world(["CHN", "CUB", "DEU", "IRN", "JPN", "USA", "ROW"])


@pytest.fixture(scope="session")
def wide_world():
    return made_up_world([*EUROPE.split(), *OTHERS.split()])
