-- name: meeting
select id, title, by, by_name, options, opened_at, ended_at, why, locked, quiet, addressed, layout, agenda, item, rooms, speech, version
  from media.meeting where id = $1

-- name: members
select ref, name, kind, unit, runs, state, muted, dark, sharing, hand, place, called_at, entered_at, left_at, aside
  from media.meeting_member where meeting = $1 order by called_at, ref

-- name: members_among
select meeting, ref, name, kind, unit, runs, state, muted, dark, sharing, hand, place, called_at, entered_at, left_at, aside
  from media.meeting_member where (meeting, ref) in (select * from unnest($1::uuid[], $2::text[]))

-- name: save_meeting
insert into media.meeting(id, title, by, by_name, options, opened_at, ended_at, locked, quiet, addressed, layout, agenda, item,
                          rooms, speech, version, why)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
on conflict (id) do update set ended_at = $7, locked = $8, quiet = $9, addressed = $10, layout = $11, agenda = $12, item = $13,
  rooms = $14, speech = $15, version = $16, why = $17

-- name: save_members
insert into media.meeting_member(meeting, ref, name, kind, unit, runs, state, muted, dark, sharing, hand, place, called_at,
                                 entered_at, left_at, aside)
select $1, m.* from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::bool[], $7::text[], $8::bool[], $9::bool[],
                           $10::bool[], $11::timestamptz[], $12::int[], $13::timestamptz[], $14::timestamptz[], $15::timestamptz[], $16::bool[]) m
on conflict (meeting, ref) do update set name = excluded.name, kind = excluded.kind, unit = excluded.unit, runs = excluded.runs,
  state = excluded.state, muted = excluded.muted, dark = excluded.dark, sharing = excluded.sharing, hand = excluded.hand,
  place = excluded.place, called_at = excluded.called_at, entered_at = excluded.entered_at, left_at = excluded.left_at,
  aside = excluded.aside

-- name: save_speech
insert into media.meeting_speech(meeting, since, ref, name, item, item_name, until) values ($1, $2, $3, $4, $5, $6, $7)
on conflict do nothing

-- name: targets
-- $1 refs and organisations, $2 ids of people and $3 of accounts among them, $4 how far the asker reaches.
select o.id as ref, o.name, 'station' as kind, coalesce(d.name, '') as unit, (o.id = any($1::text[])) as named, o.sort
  from directory.organisation o left join directory.organisation d on d.id = o.parent
 where o.kind = 'station' and o.active and (o.id = any($1::text[]) or o.path && $1::text[]) and (o.path || o.id) && $4::text[]
union all
select 'person:' || p.id, p.name, p.kind, coalesce(o.name, ''), true, 1000000
  from directory.person p left join directory.organisation o on o.id = p.org
 where p.id = any($2::uuid[]) and p.active and (p.path || p.org) && $4::text[]
union all
select 'account:' || a.id, a.name, 'account', '', true, 2000000
  from access.account a
 where a.id = any($3::uuid[]) and not a.disabled and ('city' = any(a.scopes) or access.covers($4::text[], a.scopes))
 order by sort, ref

-- name: places
-- Of what was named, the organisations that hold stations.
select id from directory.organisation where id = any($1::text[]) and kind <> 'station' and active and (path || id) && $2::text[]

-- name: listed
select m.id, count(*) over () as matching from media.meeting m
 where ($1::text = '' or (m.ended_at is null) = ($1 = 'open'))
   and ($2::text is null or m.title ilike $2 or m.by_name ilike $2)
   and ($3 or m.by = $4)
 order by m.ended_at is null desc, m.opened_at desc limit $5 offset $6

-- name: rows
select m.id, m.title, m.by, m.by_name, m.options, m.opened_at, m.ended_at, m.why, m.locked, m.quiet, m.addressed, m.layout, m.agenda,
       m.item, m.rooms, m.speech, c.*
  from media.meeting m,
       lateral (select count(*)::int as invited, count(*) filter (where state = 'in')::int as present,
                       count(*) filter (where hand is not null)::int as hands,
                       coalesce(min(ref) filter (where sharing and place = 0), '') as presenter
                  from media.meeting_member where meeting = m.id) c
 where m.id = any($1::uuid[])

-- name: room_counts
select place, count(*)::int as invited, count(*) filter (where state = 'in')::int as present
  from media.meeting_member where meeting = $1 and place > 0 and state <> 'removed' group by place

-- name: mine
select m.id, mm.ref, m.title, m.by_name, m.opened_at, mm.called_at, mm.state, m.locked, mm.place, mm.aside,
       coalesce((m.options->>'auto_answer')::bool and o.auto_answer, false) as auto_answer
  from media.meeting_member mm join media.meeting m on m.id = mm.meeting
  left join directory.organisation o on o.id = mm.ref
 where mm.ref = $1 and m.ended_at is null and mm.state <> 'removed'
 order by mm.called_at desc limit 100

-- name: mine_again
select m.id, mm.ref, m.title, m.by_name, m.opened_at, mm.called_at, mm.state, m.locked, mm.place, mm.aside,
       coalesce((m.options->>'auto_answer')::bool and o.auto_answer, false) as auto_answer
  from media.meeting_member mm join media.meeting m on m.id = mm.meeting
  left join directory.organisation o on o.id = mm.ref
 where (mm.meeting, mm.ref) in (select * from unnest($1::uuid[], $2::text[])) and m.ended_at is null and mm.state <> 'removed'

-- name: removed_among
select meeting, ref from media.meeting_member
 where (meeting, ref) in (select * from unnest($1::uuid[], $2::text[])) and state = 'removed'

-- name: open_meetings
select id from media.meeting where ended_at is null order by id

-- name: speeches
select s.since, s.ref, s.name, s.item, s.item_name, s.until from media.meeting_speech s where s.meeting = $1 order by s.since, s.ref
