"""The rules that a set of random cases must have reached: a comparison that reaches nothing cannot fail."""

KINDS = "curve rate bonus grid scorecard rank pool override per_line".split()
STATES = "not_eligible no_data no_goal goal_zero gated below_threshold capped ok".split()
# what a kind can never be: those that need no goal, and the override that is always reached
NEVER = {f"{kind} {state}" for kind in ("scorecard", "per_line", "override") for state in ("no_goal", "goal_zero")}
NEVER.add("override below_threshold")

RULES = """
absence
actual from lines
adjustment
adjustment not approved
as growth_on_last_year
as growth_on_previous_period
as share_of
balance released
band without start
beyond a band's own end
bonus cumulative
bonus highest
carried balance
carry
component as measure
component floor
curve above: extend
curve above: hold
curve below: extend
curve below: hold
curve below: zero
curve linear
curve step
draw advance
draw paid in advance
draw recovered
draw recovered after until
factor rounded
floor_at_zero
funding
funding missing
gate all
gate any
gate at most
gate times
gate value missing
goal of a shared entry
goal parts
goal rounded
grid bilinear
grid pays amount
grid pays rate
grid pays share
grid step
group level
group plan
group unit
guarantee
held for later
held released
holdback
marginal of another base
modifier curve
modifier missing neutral
modifier missing zero
modifier steps
modifier superior
modifier value
negative pool
new hire floor
on a border, from
on a border, to
overage without tier
override of component
override of team_payout
own guarantee
pay negative
payment cap
payout prorated
per line bonus
per line curve
per line rate
per line, v = 0
pick all
pick first
pick most_specific
plan cap
plan floor
pool by rate
pool without shares
rate marginal
rate overage
rate retroactive
reads a payout
refused
return
scorecard curve
shared pool base
ties average
ties best
ties share
true-up
""".strip().splitlines()


def missing_rules(reached):
    """What was never reached of all that must be."""
    wanted = ["kind " + kind for kind in KINDS] + ["state " + state for state in STATES]
    wanted += [f"{kind} {state}" for kind in KINDS for state in STATES if f"{kind} {state}" not in NEVER]
    return [rule for rule in wanted + RULES if not reached.get(rule)]
