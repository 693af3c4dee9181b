"""Reads of organisations: what stood when, who holds a duty, who is in charge of a post.

Holds the SQL fragments that other areas may join; they see no model of this area.
"""

from __future__ import annotations

PLACE_PREFIX_SQL = "CASE WHEN length(p.place) = 6 AND right(p.place, 2) = '00' THEN left(p.place, 4) ELSE p.place END"

# Rows (post, role, organisation, place, stand_in_for) of the account %(account)s at %(at)s: what the
# account holds by appointment, and what it holds for somebody else. `place` is a prefix of all codes
# inside. Served by organisations_appointment_held and organisations_standin_held.
HOLDINGS_SQL = f"""
SELECT p.id AS post, p.role, p.organisation_id AS organisation, {PLACE_PREFIX_SQL} AS place,
       NULL::bigint AS stand_in_for
  FROM organisations_appointment a JOIN organisations_post p ON p.id = a.post_id
 WHERE a.account_id = %(account)s AND upper_inf(a.recorded) AND a.valid @> %(at)s::timestamptz
UNION ALL
SELECT p.id, p.role, p.organisation_id, {PLACE_PREFIX_SQL}, a.id
  FROM organisations_standin s
  JOIN organisations_appointment a ON a.id = s.appointment_id
  JOIN organisations_post p ON p.id = a.post_id
 WHERE s.account_id = %(account)s AND upper_inf(s.recorded) AND s.valid @> %(at)s::timestamptz
   AND upper_inf(a.recorded) AND a.valid @> %(at)s::timestamptz
"""
