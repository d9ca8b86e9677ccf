-- name: call
select id, kind, title, priority, owner, path, options, started_at, started_by, plan, night, opened_at, ended_at, why, held, locked,
       playing, looping, idle_at, version, place
  from media.call where id = any($1::uuid[])

-- name: members
select call, ref, role, state, turn, listen_only, muted, auto, apart, number, rung_at, ring_until, joined_at, left_at, connected_at,
       lose_at, heard, why, note, picked_by, mark, waits
  from media.call_member where call = any($1::uuid[]) order by call, turn, rung_at, ref

-- name: save_call
insert into media.call(id, kind, title, priority, owner, path, options, started_at, started_by, plan, night, opened_at, ended_at,
                       why, held, locked, playing, looping, idle_at, version, place)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)
on conflict (id) do update set kind = $2, owner = $5, path = $6, opened_at = $12, ended_at = $13, why = $14, held = $15,
  locked = $16, playing = $17, looping = $18, idle_at = $19, version = $20, place = $21

-- name: save_members
insert into media.call_member(call, ref, role, state, turn, listen_only, muted, auto, apart, number, rung_at, ring_until, joined_at,
                              left_at, connected_at, lose_at, heard, why, note, picked_by, mark, waits)
select $1, m.* from unnest($2::text[], $3::text[], $4::text[], $5::int[], $6::bool[], $7::bool[], $8::bool[], $9::bool[], $10::text[],
  $11::timestamptz[], $12::timestamptz[], $13::timestamptz[], $14::timestamptz[], $15::timestamptz[], $16::timestamptz[],
  $17::float8[], $18::text[], $19::text[], $20::text[], $21::bool[], $22::bool[]) m
on conflict (call, ref) do update set role = excluded.role, state = excluded.state, turn = excluded.turn,
  listen_only = excluded.listen_only, muted = excluded.muted, auto = excluded.auto, apart = excluded.apart, number = excluded.number,
  rung_at = excluded.rung_at, ring_until = excluded.ring_until, joined_at = excluded.joined_at, left_at = excluded.left_at,
  connected_at = excluded.connected_at, lose_at = excluded.lose_at, heard = excluded.heard, why = excluded.why,
  note = excluded.note, picked_by = excluded.picked_by, mark = excluded.mark, waits = excluded.waits

-- name: save_acts
insert into media.call_act(call, place, part, at, act, by_id, ref, detail)
select * from unnest($1::uuid[], $2::bigint[], $3::int[], $4::timestamptz[], $5::text[], $6::text[], $7::text[], $8::text[])

-- name: save_lines
-- The best that a line is in; `fault` stays until something else becomes of it.
insert into media.line(ref, state, call, since)
select r.ref, coalesce(now.state, case when r.failed then 'fault' else 'idle' end), now.call, $3
  from unnest($1::text[], $2::bool[]) r(ref, failed)
  left join lateral (
    select m.call, case when m.waits then 'held' when m.state = 'joined' then 'talking' else m.state end as state
      from media.call_member m join media.call c on c.id = m.call
     where m.ref = r.ref and m.state in ('ringing', 'joined', 'held') and m.role <> 'listener' and c.ended_at is null
     order by array_position(array['joined', 'ringing', 'held'], m.state), c.priority desc, c.started_at desc limit 1) now on true
on conflict (ref) do update set state = excluded.state, call = excluded.call,
  since = case when media.line.state = excluded.state and media.line.call is not distinct from excluded.call
               then media.line.since else excluded.since end

-- name: talks_elsewhere
-- Open calls in which one of these talks.
select distinct m.call from media.call_member m join media.call c on c.id = m.call
 where m.ref = any($1::text[]) and m.state = 'joined' and m.role <> 'listener' and not m.listen_only and c.ended_at is null
   and c.id <> $2

-- name: lower_calls
select distinct m.call from media.call_member m join media.call c on c.id = m.call
 where m.ref = any($1::text[]) and m.state in ('waiting', 'ringing', 'joined', 'held') and c.ended_at is null and c.priority < $2

-- name: consultation
-- Another open call that $1 owns, in which $2 is on the line.
select c.id from media.call c join media.call_member m on m.call = c.id
 where c.owner = $1 and m.ref = $2 and m.state in ('joined', 'held') and c.ended_at is null and c.id <> $3
 order by c.started_at desc limit 1

-- name: path_of
select access.path_of(s) as path from unnest($1::text[]) s

-- name: targets
-- $1 refs, $2 ids of people, $3 of people by telephone, $4 of accounts.
select o.id as ref, array[to_jsonb(case when o.id = 'station:0' then array['city'] else o.path end)] as paths,
       coalesce(s.auto_answer, case when o.auto_answer then 'always' else 'announce' end) as auto_answer, '' as number
  from directory.organisation o left join media.line_setting s on s.ref = o.id
 where o.id = any($1::text[]) and o.kind = 'station' and o.active
union all
select 'station:0', array[to_jsonb(array['city'])], 'never', ''
 where 'station:0' = any($1::text[]) and not exists(select from directory.organisation where id = 'station:0' and kind = 'station' and active)
union all
select 'person:' || p.id, array[to_jsonb(p.path || ('person:' || p.id))], coalesce(s.auto_answer, 'never'), ''
  from directory.person p left join media.line_setting s on s.ref = 'person:' || p.id where p.id = any($2::uuid[]) and p.active
union all
select 'phone:' || p.id, array[to_jsonb(p.path || ('person:' || p.id))], 'never', case when p.phone_bad = '' then p.phone else '' end
  from directory.person p where p.id = any($3::uuid[]) and p.active
union all
select 'account:' || a.id, array(select to_jsonb(access.path_of(one)) from unnest(a.scopes) one), coalesce(s.auto_answer, 'never'), ''
  from access.account a left join media.line_setting s on s.ref = 'account:' || a.id where a.id = any($4::uuid[]) and not a.disabled

-- name: plan_targets
-- Stations at or below $1, then members of the groups $2.
select o.id as ref from directory.organisation o where o.kind = 'station' and o.active and o.path && $1::text[]
union select m.ref from directory.team_member m where m.team = any($2::uuid[])
order by ref

-- name: on_duty
select 'person:' || r.person as ref, case when r.backup is null then null else 'person:' || r.backup end as backup
  from directory.roster r where r.org = $1 and r.starts <= $2 and r.ends > $2 order by r.starts, r.id

-- name: night_service
select body from media.night_service where id = 'city'

-- name: save_night_service
insert into media.night_service(id, body) values ('city', $1) on conflict (id) do update set body = excluded.body

-- name: plan
select body from media.call_plan where id = $1

-- name: plan_count
select count(*) from media.call_plan

-- name: save_plan
insert into media.call_plan(id, body, saved_at, saved_by) values ($1, $2, $3, $4)
on conflict (id) do update set body = excluded.body, saved_at = excluded.saved_at, saved_by = excluded.saved_by

-- name: delete_plan
delete from media.call_plan where id = $1

-- name: plan_started
update media.call_plan set started_at = $2 where id = $1

-- name: plans
select id, body, saved_at, media.name_of(saved_by) as saved_by, started_at from media.call_plan order by body->>'name', id

-- name: set_auto_answer
insert into media.line_setting(ref, auto_answer) values ($1, $2) on conflict (ref) do update set auto_answer = excluded.auto_answer

-- name: file_stands
-- What was made for playing; a clip of a conversation is not.
select exists(select from files.file where id = $1 and purpose = 'audio' and seconds is not null)

-- name: rows
select c.id, c.kind, c.title, c.priority, c.owner, media.name_of(c.owner) as owner_name, c.started_by, c.started_at, c.opened_at,
       c.ended_at, c.why, c.held, c.locked, c.playing, c.options, c.plan, c.night, c.path, 'call:' || c.id as room,
       case when c.ended_at is not null then 'ended' when c.held then 'held' when c.opened_at is not null then 'open' else 'ringing' end
         as state,
       n.size, n.joined, n.ringing
  from media.call c,
       lateral (select count(*)::int as size, count(*) filter (where m.state in ('joined', 'held'))::int as joined,
                       count(*) filter (where m.state = 'ringing')::int as ringing
                  from media.call_member m where m.call = c.id and m.role <> 'listener') n
 where c.id = any($1::uuid[]) order by c.started_at desc, c.id

-- name: listed
select c.id from media.call c
 where (c.path && $1::text[] or c.owner = $2) and (not $3 or c.ended_at is null) and ($4::timestamptz is null or c.started_at < $4)
   and (cardinality($5::text[]) = 0 or c.kind = any($5))
   and ($6::text is null or c.title ilike $6 or exists(
        select from media.call_member m where m.call = c.id and media.name_of(m.ref) ilike $6))
 order by c.started_at desc, c.id limit $7

-- name: may_see
-- Members, and who has the whole call in his scope.
select exists(select from media.call c where c.id = $1 and c.path && $2::text[] and $4)
    or exists(select from media.call_member m where m.call = $1 and m.ref = any($3::text[]))

-- name: member_rows
select m.call, m.ref as id, media.name_of(m.ref) as name, media.kind_of(m.ref) as kind, media.place_of(m.ref) as place, m.role, m.state,
       m.turn, m.muted, m.listen_only, m.apart, m.connected_at is not null as connected, m.auto as auto_answer, m.rung_at, m.ring_until,
       m.joined_at, m.left_at, coalesce(m.why, '') as reason, m.note, m.picked_by, m.mark, m.waits,
       floor(m.heard + coalesce(extract(epoch from coalesce($3::timestamptz, now()) - m.connected_at), 0))::int as heard_seconds
  from media.call_member m
 where m.call = any($1::uuid[]) and m.role <> 'listener' and ($2::text[] is null or m.ref = any($2))
 order by m.call, m.turn, m.rung_at, m.ref

-- name: mine
-- What rings for these, what they are in, what goes on and may be come into, and what they have missed since $3.
with held as (
  select m.call, m.ref from media.call_member m
   where m.ref = any($1::text[]) and m.state in ('waiting', 'ringing', 'joined', 'held')
  union
  select m.call, m.ref from media.call_member m where m.ref = any($1::text[]) and m.state = 'unanswered' and m.left_at > $3
  union
  select m.call, m.ref from media.call c join media.call_member m on m.call = c.id
   where c.ended_at is null and m.ref = any($1::text[]))
select c.id, m.ref, m.role, m.state, c.kind, c.title, c.priority, c.owner, media.name_of(c.owner) as owner_name, m.auto as auto_answer,
       m.listen_only, m.muted, m.apart, m.waits, c.held, c.ended_at, m.ring_until, 'call:' || c.id as room, late.so as late,
       coalesce(m.left_at, m.joined_at, m.rung_at, c.started_at) as since,
       case when c.ended_at is not null then 'ended' when c.held then 'held' when c.opened_at is not null then 'open' else 'ringing' end
         as call_state,
       m.state = 'unanswered' as missed
  from held h join media.call_member m on m.call = h.call and m.ref = h.ref join media.call c on c.id = h.call,
       lateral (select c.ended_at is null and c.opened_at is not null and not c.locked and c.kind in ('group', 'conference', 'announce', 'ptt')
                   and coalesce((c.options->>'late_entry')::bool, true) and m.role <> 'listener'
                   and m.state not in ('waiting', 'ringing', 'joined', 'held')
                   and coalesce(m.why, '') not in ('removed', 'taken-down', 'preempted') as so) late
 where ($2::uuid[] is null or m.call = any($2))
   and ((m.state in ('ringing', 'joined', 'held') and c.ended_at is null) or late.so or (m.state = 'unanswered' and m.left_at > $3))
 order by m.state not in ('ringing', 'joined', 'held'), c.priority desc, since desc limit 500

-- name: main_seats
-- Who answers for the main station.
select coalesce('person:' || person, 'account:' || id) as ref from access.account
 where not disabled and 'city' = any(scopes) and roles && array['operator', 'administrator']

-- name: lines
-- $1 scopes, $2 refs or null, $3 kinds, $4 organisation, $5 text, $8 roles that dispatch.
with every as (
  select o.id, o.name, 'station' as kind, coalesce(d.name, '') as place, coalesce(o.path[2], '') as district, o.path, o.id as online_as,
         case when o.auto_answer then 'always' else 'announce' end as usual, false as phone, o.sort as sort, true as shown
    from directory.organisation o left join directory.organisation d on d.id = o.parent where o.kind = 'station' and o.active
  union all
  select 'account:' || a.id, a.name, 'account', '', '', array(select distinct unnest(access.path_of(one)) from unnest(a.scopes) one),
         'account:' || a.id, 'never', false, 2000000,
         a.roles && $8::text[] or exists(select from media.line l where l.ref = 'account:' || a.id and l.call is not null)
    from access.account a where a.person is null and not a.disabled
  union all
  select 'person:' || p.id, p.name, p.kind, coalesce(o.name, ''), coalesce(p.path[2], ''), p.path || ('person:' || p.id),
         coalesce('account:' || a.id, ''), 'never', p.phone <> '' and p.phone_bad = '', 3000000, true
    from directory.person p left join directory.organisation o on o.id = p.org
    left join access.account a on a.person = p.id and not a.disabled
   where p.active and ($2::text[] is not null or p.kind = any(coalesce(nullif($3::text[], '{}'), array['staff']))
                       or exists(select from media.line l where l.ref = 'person:' || p.id and l.call is not null)))
select e.id, e.name, e.kind, e.place, e.district, e.path, e.online_as, e.phone, e.shown, coalesce(l.state, 'idle') as state, l.call, l.since,
       coalesce(s.auto_answer, e.usual) as auto_answer, count(*) over () as matching
  from every e left join media.line l on l.ref = e.id left join media.line_setting s on s.ref = e.id
 where e.path && $1::text[] and case when $2::text[] is null then e.shown else e.id = any($2) or e.online_as = any($2) end
   and (cardinality($3::text[]) = 0 or e.kind = any($3) or l.call is not null)
   and ($4 = 'city' or $4 = any(e.path)) and ($5::text is null or e.name ilike $5 or e.place ilike $5)
 order by e.sort, e.id limit $6 offset $7

-- name: scope_sets
select distinct scopes from access.account where cardinality(scopes) > 1
union select distinct scopes from access.api_key where cardinality(scopes) > 1

-- name: history
select md5(a.call::text || a.place || '/' || a.part)::uuid as id, a.at, a.act, case a.by_id when 'system' then '' else a.by_id end as by,
       case a.by_id when 'system' then '' else media.name_of(a.by_id) end as by_name, a.ref,
       case a.ref when '' then '' else media.name_of(a.ref) end as ref_name, a.detail
  from media.call_act a where a.call = $1 order by a.place, a.part limit 5000

-- name: open_calls
select id from media.call where ended_at is null

-- name: names
select ref, media.name_of(ref) as name from unnest($1::text[]) ref

-- name: taken_out
select ref from media.call_member where call = $1 and ref = any($2::text[]) and why in ('removed', 'taken-down', 'preempted')
   and state not in ('waiting', 'ringing', 'joined', 'held')

-- name: name_of
select media.name_of($1)

-- name: playing
-- What should play now: somebody who was called hears it.
select c.id, c.playing as file, c.looping, f.variants->>'original' as original
  from media.call c join files.file f on f.id = c.playing and f.purpose = 'audio'
 where c.ended_at is null and not c.held and exists(
       select from media.call_member m where m.call = c.id and m.role = 'called' and m.state = 'joined' and m.connected_at is not null)

-- name: kept_waiting
-- Who hears music now.
select m.call as id, array_agg(m.ref order by m.ref) as refs
  from media.call_member m join media.call c on c.id = m.call
 where m.waits and m.state = 'joined' and m.connected_at is not null and c.ended_at is null group by m.call

-- name: want_leg
insert into media.call_leg(leg, call, ref, number, seconds, state, at) values ($1, $2, $3, $4, $5, 'wanted', $6) on conflict do nothing

-- name: open_legs
select l.leg, l.call, l.ref, l.number, l.seconds, l.state, l.provider, l.at, m.state as member, c.ended_at is not null as ended
  from media.call_leg l join media.call c on c.id = l.call join media.call_member m on m.call = l.call and m.ref = l.ref
 where l.state <> 'over' order by l.at, l.leg

-- name: leg
select l.leg, l.call, l.ref, l.state, l.provider, media.name_of(l.ref) as name, m.state as member, c.ended_at is not null as ended
  from media.call_leg l join media.call c on c.id = l.call join media.call_member m on m.call = l.call and m.ref = l.ref
 where l.leg = $1

-- name: move_leg
update media.call_leg set state = $3, provider = case when $4 = '' then provider else $4 end where leg = $1 and state = any($2::text[]) returning leg
