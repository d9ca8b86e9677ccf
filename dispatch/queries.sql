-- name: everyone
-- Recipients named by an audience. $1 orgs $2 kinds $3 groups $4 tags $5 recipients
-- $6 except_orgs $7 except_groups $8 except_recipients $9 scopes of the asker
with everyone as (
  select 'person:' || p.id as ref, p.kind, p.name, p.path, p.phone, p.openid, p.opt_out, p.tags,
         array_remove(array[case when p.phone_bad <> '' then 'phone' end,
                            case when p.openid_bad <> '' then 'openid' end], null) as bad
    from directory.person p where p.active
  union all
  select o.id, 'station', o.name, o.path, o.phone, '', '{}', '{}', '{}'
    from directory.organisation o where o.kind = 'station' and o.active),
chosen as (
  select e.ref, e.kind, e.name, e.path, e.phone, e.openid, e.opt_out, e.bad,
         coalesce((select x from unnest(e.path) x where x like 'district:%' limit 1), 'city') as district,
         e.path[cardinality(e.path)] as station
    from everyone e
   where e.path && $9::text[]
     and ((e.path && $1::text[] and (cardinality($2::text[]) = 0 or e.kind = any($2)))
          or e.ref = any($5::text[])
          or e.tags && $4::text[]
          or exists(select 1 from directory.team_member m where m.ref = e.ref and m.team = any($3::uuid[])))
     and not e.path && $6::text[]
     and not e.ref = any($8::text[])
     and not exists(select 1 from directory.team_member m where m.ref = e.ref and m.team = any($7::uuid[])))

-- name: count_everyone
select count(*) from chosen

-- name: list_everyone
select c.*, coalesce(l.online, false) as online from chosen c left join dispatch.link l using (ref)

-- name: insert_deliveries
-- $10 broadcast $11 now
insert into dispatch.delivery(id, broadcast, ref, kind, name, district, station, district_name, station_name, path, phone, openid,
                              opt_out, bad, next_at)
select gen_random_uuid(), $10, c.ref, c.kind, c.name, c.district, c.station, coalesce(d.name, ''), coalesce(s.name, ''), c.path,
       c.phone, c.openid, c.opt_out, c.bad, $11
  from chosen c left join directory.organisation d on d.id = c.district left join directory.organisation s on s.id = c.station

-- name: strangers
-- Refs that do not exist or lie outside the scopes. $1 refs $2 scopes
select r from unnest($1::text[]) r
 where not exists(select 1 from directory.organisation o where o.id = r and o.path && $2::text[])
   and not exists(select 1 from directory.person p where 'person:' || p.id = r and p.active and p.path && $2::text[])

-- name: strange_groups
select g::text from unnest($1::uuid[]) g where not exists(select 1 from directory.team t where t.id = g)

-- name: ladder
select code, name, rungs, bypass_quiet from dispatch.ladder where code = $1

-- name: standing
select b.id, b.state, b.by_id, b.scopes, b.send_at, b.expires_at, b.version,
       coalesce((select jsonb_object_agg(c.state, c.n) from dispatch.count c
                  where c.broadcast = b.id and c.kind = 'outcome'), '{}') as outcomes
  from dispatch.broadcast b where b.id = $1

-- name: insert_broadcast
insert into dispatch.broadcast(id, title, text, priority, state, drill, by_id, by_name, scopes, audience, variables, options,
                               ladder, attachments, audio, created_at, send_at, expires_at, version)
values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19)

-- name: set_state
update dispatch.broadcast set state = $2, version = $3, reason = coalesce($4, reason), closed_at = coalesce($5, closed_at)
 where id = $1

-- name: begin_sending
update dispatch.broadcast set state = 'sending', version = $2, total = $3, send_at = greatest(send_at, $4) where id = $1

-- name: lock_deliveries
select id from dispatch.delivery where broadcast = $1 order by id for update

-- name: stop_attempts
update dispatch.attempt set state = 'suppressed', rank = 5, why = $2, due = null, lease = null
 where broadcast = $1 and rank <= 10 and state <> 'suppressed'

-- name: cancel_deliveries
update dispatch.delivery set ended = true, next_at = null, outcome = dispatch.outcome_of(rank, true, true) where broadcast = $1

-- name: end_deliveries
update dispatch.delivery set ended = true, next_at = null, outcome = dispatch.outcome_of(rank, true, false) where broadcast = $1

-- name: restart_deliveries
update dispatch.delivery set ended = false, next_at = $2, rung = 0, round = round + 1,
       outcome = dispatch.outcome_of(rank, false, false)
 where broadcast = $1 and rank < 90

-- name: recallable
-- Handed over, no word from the person yet: a vendor may still take it back.
select a.id from dispatch.attempt a join dispatch.delivery d on d.id = a.delivery
 where a.broadcast = $1 and a.rank between 20 and 40 and a.provider_id <> '' and d.rank < 70

-- name: people_of
select d.id, d.ref, d.phone, d.openid, d.opt_out, d.bad, d.rank, d.rung, d.round, coalesce(l.online, false) as online
  from dispatch.delivery d left join dispatch.link l using (ref)
 where d.broadcast = $1 and d.rank < 90 and (cardinality($2::uuid[]) = 0 or d.id = any($2))
 order by d.id

-- name: raise_round
update dispatch.delivery set round = round + 1 where id = any($1::uuid[])

-- name: extend
update dispatch.broadcast set expires_at = $2, version = $3 where id = $1

-- name: due_deliveries
-- People in the same circumstances, together: the urgent broadcasts first, whatever else is waiting. $1 now $2 limit
with due as (
  select d.* from (
    select id, priority from dispatch.broadcast where state = 'sending'
     order by case priority when 'emergency' then 0 when 'important' then 1 else 2 end, send_at) b
   cross join lateral (
    select id, broadcast, ref, phone, openid, opt_out, bad, rank, rung, round, kind, outcome
      from dispatch.delivery where broadcast = b.id and next_at <= $1 order by next_at limit $2 for update skip locked) d
   limit $2)
select d.broadcast, d.kind = 'station' as is_station, coalesce(l.online, false) as online, d.phone <> '' as has_phone,
       d.openid <> '' as has_openid, d.opt_out, d.bad, d.rank, d.rung, d.round, d.outcome, array_agg(d.id) as ids
  from due d left join dispatch.link l on l.ref = d.ref
 group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11

-- name: ladders_of
select id, ladder, priority, expires_at, state, version from dispatch.broadcast where id = any($1::uuid[])

-- name: quiet
select starts, ends, channels from dispatch.quiet

-- name: insert_attempts
insert into dispatch.attempt(id, delivery, broadcast, channel, lane, round, rung, try, state, rank, why, address, due, created_at)
select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::smallint[], $6::smallint[], $7::smallint[],
                     $8::smallint[], $9::text[], $10::smallint[], $11::text[], $12::text[], $13::timestamptz[],
                     $14::timestamptz[])
    on conflict (id) do nothing
returning id

-- name: plan_attempts
-- What was worked out for a group, for each of its people. $1 ids $2 their groups; the steps: $3 group $4 channel
-- $5 lane $6 rung $7 state $8 rank $9 why $10 due; $11 now. Ids as hub.kernel.ids.derived makes them.
with born as (
  insert into dispatch.attempt(id, delivery, broadcast, channel, lane, round, rung, try, state, rank, why, address, due, created_at)
  select md5(d.broadcast || '/' || d.ref || '/' || s.channel || '/' || d.round || '/' || s.rung || '/1')::uuid, d.id, d.broadcast,
         s.channel, s.lane, d.round, s.rung, 1, s.state, s.rank, s.why,
         case s.channel when 'wechat' then d.openid when 'sms' then d.phone when 'voice' then d.phone else '' end, s.due, $11
    from unnest($1::uuid[], $2::int[]) p(id, grp)
    join unnest($3::int[], $4::text[], $5::smallint[], $6::smallint[], $7::text[], $8::smallint[], $9::text[], $10::timestamptz[])
         s(grp, channel, lane, rung, state, rank, why, due) using (grp)
    join dispatch.delivery d on d.id = p.id
      on conflict (id) do nothing
  returning broadcast, channel, state)
select broadcast, channel, state, count(*)::int as n from born group by 1, 2, 3

-- name: step_deliveries
-- $1 ids $2 their groups; the steps: $3 group $4 rung $5 next_at $6 ended $7 rank $8 outcome
with stepped as (
  update dispatch.delivery d
     set rung = s.rung, next_at = s.next_at, ended = s.ended, rank = greatest(d.rank, s.rank), outcome = s.outcome
    from unnest($1::uuid[], $2::int[]) p(id, grp)
    join unnest($3::int[], $4::smallint[], $5::timestamptz[], $6::bool[], $7::smallint[], $8::text[])
         s(grp, rung, next_at, ended, rank, outcome) using (grp)
   where d.id = p.id
  returning p.grp, d.kind = 'station' as is_station, d.district, d.station)
select grp, is_station, district, station, count(*)::int as n from stepped group by 1, 2, 3, 4

-- name: add_counts
insert into dispatch.count as c (broadcast, kind, key, state, n)
select broadcast, kind, key, state, n
  from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::int[]) x(broadcast, kind, key, state, n)
 order by 1, 2, 3, 4
    on conflict (broadcast, kind, key, state) do update set n = c.n + excluded.n

-- name: claim_attempts
-- $1 channel $2 now $3 limit $4 lease until $5 last lane. Row by row along the index, however long the queue is:
-- joined as sets, a plan made for an empty table would read all of them.
with due as materialized (
  select a.id, a.state as was from dispatch.attempt a
   where a.channel = $1 and a.lane <= $5 and a.due <= $2
     and (select d.rank from dispatch.delivery d where d.id = a.delivery) < 90
     and (select b.state = 'sending' and b.expires_at > $2 from dispatch.broadcast b where b.id = a.broadcast)
   order by a.lane, a.due limit $3 for update skip locked),
taken as (
  update dispatch.attempt a set state = 'submitting', rank = 15, due = null, lease = $4, sent_at = $2,
         link_until = (select b.expires_at from dispatch.broadcast b where b.id = a.broadcast)
   where id = any(array(select id from due))
  returning id, delivery, broadcast, address, lane, try, rung, round, sent_at, link_until)
select a.*, due.was, d.ref, d.name, d.station_name, d.district_name, d.rank,
       b.title, b.text, b.variables, b.options, b.audio, b.priority, b.drill, b.send_at, b.state as broadcast_state
  from taken a join due using (id)
 cross join lateral (select * from dispatch.delivery where id = a.delivery limit 1) d
 cross join lateral (select * from dispatch.broadcast where id = a.broadcast limit 1) b

-- name: lost_attempts
-- Handed over by a process that died, or whose outcome is not known: to be looked up.
with lost as (
  select id from dispatch.attempt
   where channel = $1 and lease <= $2 and state in ('submitting', 'unknown', 'accepted', 'sent')
   order by lease limit $4 for update skip locked)
update dispatch.attempt a set lease = $3
  from lost, dispatch.delivery d, dispatch.broadcast b
 where a.id = lost.id and d.id = a.delivery and b.id = a.broadcast
returning a.id, a.delivery, a.broadcast, a.address, a.provider_id, a.try, a.state, a.sent_at,
          coalesce(a.link_until, b.expires_at) as link_until, d.ref, d.name, d.station_name, d.district_name,
          b.title, b.text, b.variables, b.options, b.audio, b.priority, b.drill, b.send_at

-- name: look_again
-- $3 the lease they were asked under: what became known meanwhile is left alone
update dispatch.attempt set lease = $2 where id = any($1::uuid[]) and lease = $3

-- name: put_inbox
insert into dispatch.inbox(key, at, due, told)
select key, $3, $3, told from unnest($1::text[], $2::jsonb[]) x(key, told)
 where not exists(select 1 from dispatch.evidence e where e.key = x.key)
 order by key
    on conflict (key) do nothing

-- name: take_inbox
select id, key, at, told::text as told from dispatch.inbox where due <= $1 order by id limit $2 for update skip locked

-- name: drop_inbox
delete from dispatch.inbox where id = any($1::bigint[])

-- name: wait_inbox
update dispatch.inbox set due = $2 where id = any($1::bigint[])

-- name: wake_inbox
-- What came before the vendor's id of its message was known.
update dispatch.inbox set due = $1 where due > $1 and told ->> 'provider_id' = any($2::text[])

-- name: known_keys
select key from dispatch.evidence where key = any($1::text[])

-- name: name_attempts
select id, delivery, provider_id, channel from dispatch.attempt where id = any($1::uuid[])
 union
select id, delivery, provider_id, channel from dispatch.attempt where provider_id <> '' and provider_id = any($2::text[])

-- name: lock_for_fold
select d.id, d.broadcast, d.ref, d.kind, d.district, d.station, d.rank, d.outcome, d.road, d.round, d.rung, d.next_at, d.ended,
       d.reply, d.reason, d.replied_at, d.delivered_at, d.read_at, d.confirmed_at
  from dispatch.delivery d where d.id = any($1::uuid[]) order by d.id for update

-- name: broadcasts_for_fold
select id as broadcast, state as broadcast_state, ladder, priority, expires_at, send_at
  from dispatch.broadcast where id = any($1::uuid[])

-- name: measure
analyze dispatch.delivery(id, broadcast, ref, next_at),
        dispatch.attempt(id, delivery, broadcast, channel, lane, due, lease, provider_id)

-- name: commit_lazily
-- A fold that a crash takes back takes back the emptying of the inbox with it, and is folded again.
set local synchronous_commit = off

-- name: attempts_for_fold
select id, delivery, broadcast, channel, lane, round, rung, try, state, rank, why, detail, provider_id, address, due, lease
  from dispatch.attempt where delivery = any($1::uuid[]) order by id for update

-- name: save_attempts
update dispatch.attempt a
   set state = s.state, rank = s.rank, why = s.why, detail = s.detail, provider_id = s.provider_id, due = s.due, lease = s.lease
  from unnest($1::uuid[], $2::text[], $3::smallint[], $4::text[], $5::text[], $6::text[], $7::timestamptz[], $8::timestamptz[])
       s(id, state, rank, why, detail, provider_id, due, lease)
 where a.id = s.id

-- name: save_deliveries
update dispatch.delivery d
   set rank = s.rank, outcome = s.outcome, road = s.road, next_at = s.next_at, ended = s.ended, reply = s.reply, reason = s.reason,
       replied_at = s.replied_at, delivered_at = s.delivered_at, read_at = s.read_at, confirmed_at = s.confirmed_at
  from unnest($1::uuid[], $2::smallint[], $3::text[], $4::text[], $5::timestamptz[], $6::bool[], $7::text[], $8::text[],
              $9::timestamptz[], $10::timestamptz[], $11::timestamptz[], $12::timestamptz[])
       s(id, rank, outcome, road, next_at, ended, reply, reason, replied_at, delivered_at, read_at, confirmed_at)
 where d.id = s.id

-- name: add_evidence
insert into dispatch.evidence(key, delivery, attempt, at, told_at, source, channel, state, why, detail, reply, reason, late)
select * from unnest($1::text[], $2::uuid[], $3::uuid[], $4::timestamptz[], $5::timestamptz[], $6::text[], $7::text[], $8::text[],
                     $9::text[], $10::text[], $11::text[], $12::text[], $13::bool[])
    on conflict (key) do nothing

-- name: deliveries_of
select d.id, b.options from dispatch.delivery d join dispatch.broadcast b on b.id = d.broadcast
 where d.id = any($1::uuid[]) and d.ref = $2

-- name: script
select b.title, b.text, b.variables, b.options, b.audio, b.drill, b.send_at, d.name, d.station_name, d.district_name
  from dispatch.attempt a join dispatch.delivery d on d.id = a.delivery join dispatch.broadcast b on b.id = a.broadcast
 where a.id = $1

-- name: set_road
insert into dispatch.road(channel, state, detail, until, per_second) values ($1, $2, $3, $4, $5)
    on conflict (channel) do update set state = excluded.state, detail = excluded.detail, until = excluded.until,
                                        per_second = excluded.per_second

-- name: see_links
insert into dispatch.link(ref, online, since, seen_at)
select * from unnest($1::text[], $2::bool[], $3::timestamptz[], $3::timestamptz[])
    on conflict (ref) do update set
       since = case when dispatch.link.online = excluded.online then dispatch.link.since else excluded.since end,
       online = excluded.online, seen_at = excluded.seen_at
    -- Only newer word counts, whichever process brings it; what stands in the future was written before a clock was set back.
 where excluded.seen_at >= dispatch.link.seen_at or dispatch.link.seen_at > now() + interval '10 seconds'

-- name: online_links
select ref from dispatch.link where online

-- name: just_sent_to
-- What was sent to them, or taken back from them, of late. $1 refs $2 since
select d.id from dispatch.delivery d join dispatch.broadcast b on b.id = d.broadcast
 where d.ref = any($1::text[]) and (b.send_at >= $2 or b.closed_at >= $2) and b.state in ('sending', 'cancelled', 'closed')

-- name: inboxes_here
select d.id from dispatch.delivery d join dispatch.link l on l.ref = d.ref and l.online where d.broadcast = $1

-- name: nobody_here
update dispatch.link set online = false where online returning ref

-- name: dead_for_retry
select a.id, a.delivery, a.broadcast, a.channel, a.lane, a.round, a.rung, a.try, a.address
  from dispatch.attempt a join dispatch.delivery d on d.id = a.delivery join dispatch.broadcast b on b.id = a.broadcast
 where a.id = any($1::uuid[]) and a.rank = 60 and d.rank < 70 and b.state = 'sending' and a.address <> ''
   and ('city' = any($2::text[]) or b.scopes && $2)
   and not exists(select 1 from dispatch.attempt n where n.delivery = a.delivery and n.channel = a.channel
                   and (n.round, n.rung, n.try) > (a.round, a.rung, a.try) and n.rank < 60 and n.rank <> 5)


-- name: cards
-- $1 scopes $2 ids or null $3 open_only $4 drill or null $5 text $6 limit $7 offset $8 state $9 priority
select b.*, count(*) over () as matching,
       coalesce((select jsonb_object_agg(c.state, c.n) from dispatch.count c
                  where c.broadcast = b.id and c.kind = 'outcome' and c.n > 0), '{}') as outcomes,
       coalesce((select jsonb_object_agg(c.key || '/' || c.state, c.n) from dispatch.count c
                  where c.broadcast = b.id and c.kind = 'kind'), '{}') as kinds
  from dispatch.broadcast b
 where ('city' = any($1::text[]) or b.scopes && $1)
   and ($2::uuid[] is null or b.id = any($2))
   and (not $3 or b.state in ('sending', 'scheduled', 'awaiting_approval'))
   and ($4::bool is null or b.drill = $4)
   and (cardinality($8::text[]) = 0 or b.state = any($8)) and (cardinality($9::text[]) = 0 or b.priority = any($9))
   and ($5 = '' or b.title ilike '%' || $5 || '%' or b.text ilike '%' || $5 || '%')
 order by b.created_at desc limit $6 offset $7

-- name: files_of
select id, name, mime, size, seconds from files.file where id = any($1::uuid[])

-- name: cells
-- $1 broadcast $2 keys "kind/key" or null
select c.kind, c.key, jsonb_object_agg(c.state, c.n) filter (where c.n > 0) as states, sum(c.n)::int as total,
       coalesce(o.name, '') as label, coalesce(o.path[2], '') as parent
  from dispatch.count c left join directory.organisation o on o.id = c.key and c.kind in ('district', 'station')
 where c.broadcast = $1 and c.kind in ('road', 'district', 'station', 'reply')
   and ($2::text[] is null or c.kind || '/' || c.key = any($2))
 group by c.kind, c.key, o.name, o.path, o.sort order by c.kind, o.sort nulls last, c.key

-- name: scopes_of_broadcasts
select id, scopes from dispatch.broadcast where id = any($1::uuid[]) and ('city' = any($2::text[]) or scopes && $2)

-- name: curve
-- Counts of first times, per second since sending, in at most 240 steps.
with started as (select send_at, extract(epoch from least($2, coalesce(closed_at, $2)) - send_at) as span
                   from dispatch.broadcast where id = $1),
seen as (
  select unnest(array['d', 'r', 'c']) as what, unnest(array[delivered_at, read_at, confirmed_at]) as at
    from dispatch.delivery where broadcast = $1 and rank >= 70),
stepped as (
  select what, (floor(extract(epoch from at - s.send_at) / greatest(1, ceil(s.span / 240))) * greatest(1, ceil(s.span / 240)))::int
         as second from seen, started s where at is not null)
select second, count(*) filter (where what = 'd')::int as delivered, count(*) filter (where what = 'r')::int as read,
       count(*) filter (where what = 'c')::int as confirmed
  from stepped group by second order by second

-- name: recipients
-- $1 broadcast $2 outcome $3 kind $4 road $5 district $6 station $7 reply $8 text $9 limit $10 offset $11 ids or null
select d.*, count(*) over () as matching, b.options
  from (select * from dispatch.delivery where broadcast = $1 and $11::uuid[] is null
        union all select * from dispatch.delivery where id = any($11)) d
  join dispatch.broadcast b on b.id = d.broadcast
 where (cardinality($2::text[]) = 0 or d.outcome = any($2))
   and (cardinality($3::text[]) = 0 or d.kind = any($3))
   and (cardinality($4::text[]) = 0 or d.road = any($4))
   and ($5 = '' or d.district = $5) and ($6 = '' or d.station = $6)
   and ($7 = '' or d.reply = $7 or ($7 = '*' and d.reply <> ''))
   and ($8 = '' or d.name ilike '%' || $8 || '%' or d.reason ilike '%' || $8 || '%' or right(d.phone, 4) = $8)
 order by d.station, d.kind <> 'station', d.name, d.id limit $9 offset $10

-- name: delivery_scope
select d.id, d.broadcast, d.ref, d.phone, d.openid, d.opt_out, d.bad, d.rank, d.rung, d.round, d.ended, d.next_at, b.ladder, b.scopes,
       b.state, b.send_at, b.priority, b.expires_at, coalesce(l.online, false) as online
  from dispatch.delivery d join dispatch.broadcast b on b.id = d.broadcast left join dispatch.link l using (ref) where d.id = $1

-- name: attempts_of
select * from dispatch.attempt where delivery = $1 order by created_at, rung, channel

-- name: evidence_of
select * from dispatch.evidence where delivery = $1 order by told_at, id

-- name: inbox
-- $1 ref or null $2 delivery ids or null $3 now
select d.id, d.broadcast, d.ref, d.name, d.station, d.district, d.outcome, d.reply, d.reason,
       b.title, b.text, b.variables, b.priority, b.drill, b.audio, b.attachments, b.options, b.send_at, b.expires_at,
       b.state, b.by_name, s.name as station_name, t.name as district_name
  from (select * from dispatch.delivery where ref = $1
        union all select * from dispatch.delivery where id = any($2::uuid[])) d
  join dispatch.broadcast b on b.id = d.broadcast
  left join directory.organisation s on s.id = d.station left join directory.organisation t on t.id = d.district
 where b.state in ('sending', 'cancelled', 'closed') and (b.send_at > $3::timestamptz - interval '30 days')
 order by b.send_at desc limit case when $2::uuid[] is null then 200 end

-- name: stations_below
select id, path from directory.organisation where kind = 'station' and (id = any($1::text[]) or path && $1)

-- name: stations
-- $1 scopes $2 ids or null
with newest as materialized (
  select b.id, b.send_at from dispatch.broadcast b where b.state = 'sending' order by b.send_at desc limit 20)
select o.id, o.name, o.path, o.path[2] as district, coalesce(t.name, '') as district_name,
       coalesce(o.lon, 0) as lon, coalesce(o.lat, 0) as lat, coalesce(l.online, false) as online, l.since, l.seen_at, x.broadcast,
       coalesce((select jsonb_object_agg(c.state, c.n) from dispatch.count c
                  where c.broadcast = x.broadcast and c.kind = 'station' and c.key = o.id), '{}') as heard,
       (select d.outcome from dispatch.delivery d where d.broadcast = x.broadcast and d.ref = o.id) as terminal
  from directory.organisation o
  left join directory.organisation t on t.id = o.path[2] and t.kind = 'district'
  left join dispatch.link l on l.ref = o.id
  left join lateral (
    select n.id as broadcast from newest n
     where exists(select 1 from dispatch.count c where c.broadcast = n.id and c.kind = 'station' and c.key = o.id)
     order by n.send_at desc limit 1) x on true
 where o.kind = 'station' and o.active and o.path && $1::text[] and ($2::text[] is null or o.id = any($2))
 order by o.sort, o.id

-- name: dead
select a.id, a.broadcast, b.title, d.name, a.channel, a.why, a.detail, a.try, coalesce(a.sent_at, a.created_at) as at,
       count(*) over () as matching
  from dispatch.attempt a join dispatch.delivery d on d.id = a.delivery join dispatch.broadcast b on b.id = a.broadcast
 where a.rank = 60 and d.rank < 70 and b.state = 'sending' and ('city' = any($1::text[]) or b.scopes && $1)
   and ($2::uuid is null or a.broadcast = $2)
   and not exists(select 1 from dispatch.attempt n where n.delivery = a.delivery and n.channel = a.channel
                   and (n.round, n.rung, n.try) > (a.round, a.rung, a.try))
 order by a.created_at desc limit 500

-- name: roads
select c.channel as id, coalesce(r.state, 'open') as state, coalesce(r.detail, '') as detail,
       coalesce(n.waiting, 0)::int as waiting, coalesce(n.failed, 0)::int as failed
  from unnest($1::text[]) c(channel) left join dispatch.road r using (channel)
  left join lateral (
    select sum(x.n) filter (where x.state in ('planned', 'queued')) as waiting,
           sum(x.n) filter (where x.state in ('failed', 'undelivered', 'expired', 'rejected')) as failed
      from dispatch.broadcast b join dispatch.count x on x.broadcast = b.id and x.kind = 'road' and x.key = c.channel
     where b.state = 'sending') n on true

-- name: scope_sets
select distinct scopes from access.account where cardinality(scopes) > 1
union select distinct scopes from access.api_key where cardinality(scopes) > 1

-- name: tries_for_export
select d.name, a.* from dispatch.attempt a join dispatch.delivery d on d.id = a.delivery
 where a.broadcast = $1 order by d.station, d.name, a.created_at, a.rung

-- name: ways_to
-- $1 person, $2 delivery or null: the addresses that are good, and the road the old link last came by
select p.name, case when p.phone_bad = '' then p.phone else '' end as sms,
       case when p.openid_bad = '' then p.openid else '' end as wechat, p.opt_out,
       (select a.channel from dispatch.attempt a
         where a.delivery = $2 and a.channel in ('sms', 'wechat') and a.rank >= 20 and a.rank <> 60
         order by a.sent_at desc nulls last limit 1) as road
  from directory.person p where p.id = $1 and p.active

-- name: begin_letter
insert into dispatch.renewal(id, channel, person, address, asked, state, rank, page) values ($1, $2, $3, $4, $5, $6, $7, $8)
    on conflict (id, channel) do nothing returning id

-- name: note_letter
update dispatch.renewal set state = $3, rank = $4, detail = $5, provider_id = case when $6 = '' then provider_id else $6 end
 where id = $1 and channel = $2 and rank <= $4

-- name: letters_named
select id, channel, provider_id, page, person from dispatch.renewal
 where id = any($1::uuid[]) or (provider_id <> '' and provider_id = any($2::text[]))

-- name: invitations
-- The last one to each, and the road that led farthest.
select distinct on (l.person) 'person:' || l.person as id, l.channel, l.state, l.detail, l.asked as at
  from dispatch.renewal l join directory.person p on p.id = l.person
 where l.page = $1 and l.page <> '' and ($2::uuid[] is null or l.person = any($2)) and (p.path || ('person:' || p.id)) && $3::text[]
 order by l.person, l.asked desc, l.rank desc
