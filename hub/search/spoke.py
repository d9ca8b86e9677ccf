"""Search as a spoke: it decides nothing and shows what others wrote."""

from __future__ import annotations

from functools import partial

from hub.directory.messages.params import NoParams
from hub.kernel.actor import Permission
from hub.kernel.clock import Clock
from hub.search import messages as m
from hub.search.likeness import similar
from hub.search.meaning import Understanding
from hub.search.views import names, search
from hub.spoke import Spoke, View


def search_spoke(clock: Clock, understanding: Understanding) -> Spoke:
    own = Permission.SELF
    return Spoke(name="search", views=(
        View(name="search", params=m.SearchParams, row=m.SearchRow, permission=own, fetch=partial(search, clock=clock)),
        View(name="search_names", params=m.NamesParams, row=m.NameRow, permission=Permission.DIRECTORY_VIEW, fetch=names),
        View(name="similar", params=m.SimilarParams, row=m.SimilarRow, permission=own, fetch=similar),
        View(name="related", params=m.SimilarParams, row=m.RelatedRow, permission=own, fetch=understanding.related),
        View(name="search_abilities", params=NoParams, row=m.AbilityRow, permission=own, fetch=understanding.abilities),
    ))
