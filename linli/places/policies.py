"""Who may change the register of ground: the system administrator of the place, or the system itself."""

from linli.kernel.actors import Actor, Allowed, Denied, Verdict

KEEPER = "system_administrator"


def may_change_ground(actor: Actor, place: str) -> Verdict:
    """Whether the actor may import, generate, split, merge or post notices below a place.

    Args:
        actor: with the posts held now.
        place: code prefix of the ground in question; "" = everywhere.
    """
    if actor.ref.kind == "system":
        return Allowed()
    holding = actor.holds(KEEPER, place)
    return Allowed(holding) if holding else Denied("places.not_keeper", "You do not keep the register of this place.")
