"""What every field of an assessment means: the text of the published schema."""

from __future__ import annotations

QUANTITY = {
    "low": "Lower end of the band; null is unknown.",
    "central": "Central value; null is unknown, never zero.",
    "high": "Upper end of the band; null is unknown.",
    "unit": "Unit of the three numbers.",
    "year": "Price year of money, or the year the number is about; null where a year has no meaning.",
    "sources": 'What the number rests on: "claim:<id>", "source:<name>" or "engine:<horizon>".',
    "note": "What a reader must know before using the number; empty when nothing.",
}

LOSSES = {
    "horizon": "Frozen parameter set: year, medium (the headline) or long.",
    "all_comply": "Loss if every third party stopped, per cent of the target's real income.",
    "now": "Loss while every lifeline runs; zero by definition for a pure threat.",
    "lifted": "Realised loss against a world in which trade between sender and target was never cut.",
}

LIFELINE = {
    "supporter": "ISO3 code of the supporter, or the name of a pool.",
    "supporter_name": "The supporter's name.",
    "channel": "open, shielded, aid, security, verbal, or all for a pool.",
    "status": "listed, pool: deterred or pool: not exposed.",
    "value": "What the lifeline carries, USD bn a year.",
    "rent": "Gain from price differences on the barrels and ores it carries, USD bn a year.",
    "benefit": "What the supporter gains by keeping it (rent, or the engine's difference), USD bn a year.",
    "exposure": "What the supporter loses if the sender enforces, USD bn a year.",
    "exposure_share": "The same, per cent of the supporter's real income.",
    "q_star": "Break-even credibility: probability of enforcement at which the supporter stops. Commercial, "
    "so a lower bound.",
    "influence_needed": "What influence must be worth for the lifeline to hold at q = 5 %, USD bn a year.",
    "loss_if_cut": "Loss of the target if this lifeline alone is cut, per cent of its real income.",
    "order": 'Whether its place in the merit order is "determined", or why not.',
    "made_of": "Sentences that say what q_star is made of.",
    "claims": "Ids of the claims it rests on.",
}

CURVE_POINT = {
    "q": "Credibility: probability that the sender enforces.",
    "leverage": "L(q): loss with the lifelines of q_star >= q still running, over the loss with none.",
    "breaks": "Lifelines whose central q_star lies between the last point and this one.",
}

SHARE = {
    "supporter": "ISO3 code of the supporter, or the name of a pool.",
    "channel": "Channel of the lifeline.",
    "points": "Its Shapley share of the gap between all_comply and now, percentage points.",
    "share": "The same as a fraction of the gap.",
    "standard_error": "Standard error of points from the sampled orders, percentage points.",
}

COST = {
    "who": "Actor, or civilian-need sector of the target.",
    "case": "Without retaliation, with matched retaliation, third party, civilian need.",
    "real_income": "Loss of real income, per cent; negative is a gain.",
    "money": "The same, USD bn a year.",
    "terms_of_trade": "The part of real_income that is terms of trade, per cent.",
}

SWING = {
    "claim": "Key of the disputed claim, or of the conflict whose claims share the entry.",
    "what": "What is disputed.",
    "reading_low": "The low reading, with its speaker.",
    "reading_high": "The high reading, with its speaker.",
    "leverage_at_5": "Change of L(5 %) from the low to the high reading, others central.",
    "loss_all": "Change of the loss if all comply, percentage points.",
    "claims": "Ids of the claims that disagree.",
}

BEFORE = {
    "what": "What the number is.",
    "before": "With the embedded ledger alone.",
    "after": "With the embedded ledger and what was read.",
}

MOVED_TOPIC = {
    "topic": 'Machine key of the topic, or "all" in the row of all topics together.',
    "supporter": "ISO3 code of the supporter; empty where the topic has none.",
    "what": "What the topic measures.",
    "claims": "Ids of the read claims on it.",
    "reading": "Interval of the topic; null in the row of all topics together.",
    "fed": "Quantities of the world, or judgements, that follow the topic.",
    "leverage_at_5": "L(5 %), central case at the medium horizon, with this topic's read claims alone.",
    "loss_all": "Loss if all comply, central case at the medium horizon, with this topic's read claims alone.",
    "why": "Why it moved, or why it did not, in words.",
}

UNUSED = {
    "reason": "Why the claims moved nothing.",
    "count": "How many claims.",
    "claims": "Ids of the first twenty.",
}

MOVED = {
    "read": "Number of claims read.",
    "topics": "One row a topic, the one that moves the answers most first.",
    "together": "All topics together; null where nothing moved.",
    "unused": "Claims that moved nothing, by reason.",
    "note": "What a reader must know before using the table.",
}

CHECK = {"law": "The law checked.", "holds": "Whether it held in this run.", "detail": "What was found."}

PROVENANCE = {
    "package": "Package and version.",
    "snapshot": "Name or hash of the world the run started from.",
    "scenario": "Hash of the scenario.",
    "ledger": "Hash of the claims.",
    "seed": "Seed of every random draw.",
    "as_of": "Nothing said after this date was used.",
    "exact_solves": "Number of solves of the full model.",
    "exact_draws": "Draws of all horizons whose curve is solved exactly.",
    "interpolated_draws": "Draws of all horizons read off a fit to the exact ones; a check says how far that is off.",
    "worst_residual": "Largest residual of an equilibrium condition, relative.",
    "worst_residual_at": "Country and sector of that residual.",
    "shift": "Deficits rebased: what and how much.",
    "seconds": "Wall-clock time of the run.",
    "sources": "Names of the sources used.",
}

ASSESSMENT = {
    "target": "ISO3 code of the state pressed.",
    "sender": "ISO3 codes of the state or coalition that presses.",
    "measures": "The measures in the one-line grammar.",
    "as_of": "What was known and in force on this date, and nothing later.",
    "price_year": "Year of every dollar in the assessment.",
    "headline": "The answer in one sentence.",
    "loss": "The three losses by horizon.",
    "curve": "The leverage curve at the headline horizon, rising in q.",
    "curve_by_horizon": "The same curve at each horizon.",
    "breaks_at": "Lifelines broken at q = 1, 5 and 20 %.",
    "lifelines": "Every lifeline, lowest q_star first.",
    "attribution": "The gap between all_comply and now, split over lifelines.",
    "costs": "What everybody pays, civilian needs among them.",
    "swing": "Disputed claims by how far they move the answer; verify the first one first.",
    "conflicts": "Claims in conflict, side by side: {topic, claims: [{id, text, value, source, said}]}.",
    "quality": "Part of the data, quality class, share of value.",
    "checks": "Laws checked in this run.",
    "unknown": "What the system does not know.",
    "provenance": "What it takes to get the same numbers again.",
    "days_of_cover": "Fuel: need, own output, arrivals, gap and days; null when not asked or not known.",
    "enforced": "The world with the threat carried out against everyone still in; null when not asked.",
    "moved": "What a ledger beside the embedded one changes; null when none was given.",
    "claims": "Every claim used, by id.",
}

FIELDS: dict[str, dict[str, str]] = {
    "Quantity": QUANTITY,
    "Losses": LOSSES,
    "Lifeline": LIFELINE,
    "CurvePoint": CURVE_POINT,
    "Share": SHARE,
    "Cost": COST,
    "Swing": SWING,
    "Before": BEFORE,
    "MovedTopic": MOVED_TOPIC,
    "Unused": UNUSED,
    "Moved": MOVED,
    "Check": CHECK,
    "Provenance": PROVENANCE,
    "Assessment": ASSESSMENT,
}
