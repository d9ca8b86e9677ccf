-- name: taking
select version, registered, leave, signed_in, signed_out, answers is not null as answered from duties.taking where activity = $1 and person = $2
-- name: place
select count(*) from duties.taking t where t.activity = $1 and t.registered
  and t.joined <= coalesce((select joined from duties.taking m where m.activity = $1 and m.person = $2), 0)
-- name: phone_of
select person from duties.taking where activity = $1 and device = $3 and device <> '' and person <> $2 and signed_in is not null
-- name: last_seen
select signed_in, lon, lat from duties.taking
where person = $1 and lon is not null and activity <> $2 and signed_in > $3 order by signed_in desc limit 1
-- name: activity_key
select key from duties.activity_key where activity = $1
-- name: save_key
insert into duties.activity_key(activity, key) values($1, $2) on conflict(activity) do nothing
-- name: joined
insert into duties.taking(activity, person, version, registered, joined) values($1, $2, $3, true, $4)
on conflict(activity, person) do update set version = excluded.version, registered = true, joined = excluded.joined, leave = ''
-- name: left
update duties.taking set version = $3, registered = false, leave = $4 where activity = $1 and person = $2
-- name: signed_in
insert into duties.taking(activity, person, version, registered, joined, signed_in, way, lon, lat, device, doubts)
values($1, $2, $3, true, $10, $4, $5, $6, $7, $8, $9)
on conflict(activity, person) do update set version = excluded.version, registered = true, signed_in = excluded.signed_in, way = excluded.way,
  lon = excluded.lon, lat = excluded.lat, device = excluded.device, doubts = excluded.doubts,
  joined = case when taking.registered then taking.joined else excluded.joined end
-- name: signed_out
update duties.taking set version = $3, signed_out = $4 where activity = $1 and person = $2
-- name: answered
update duties.taking set version = $3, answers = $4 where activity = $1 and person = $2
-- name: judged
update duties.taking set version = $3, judged = $4 where activity = $1 and person = $2
-- name: moved_up
select person from (select person, row_number() over(order by joined) as place from duties.taking where activity = $1 and registered) ranked
where place = $2
-- name: takings
select t.activity, t.person, coalesce(p.name, t.person) as name, coalesce(p.delegation, '') as delegation, t.registered, t.leave, t.signed_in,
  t.way, t.doubts, t.judged, t.signed_out, t.answers is not null as answered, t.answers,
  case when t.registered then row_number() over(partition by t.activity, t.registered order by t.joined) else 0 end as place
from duties.taking t left join directory.person p on 'person:' || p.id = t.person
where t.activity = $1 order by t.registered desc, t.joined
-- name: my_parts
select mine.*, coalesce((convert_from(i.body, 'UTF8')::jsonb -> 'facts' ->> 'quota')::int, 0) as quota from (
  select t.activity, t.person, coalesce(p.name, t.person) as name, coalesce(p.delegation, '') as delegation, t.registered, t.leave, t.signed_in,
    t.way, t.doubts, t.judged, t.signed_out, t.answers is not null as answered, t.answers,
    case when t.registered then (select count(*) from duties.taking o where o.activity = t.activity and o.registered and o.joined <= t.joined) else 0 end as place
  from duties.taking t left join directory.person p on 'person:' || p.id = t.person where t.person = $1) mine
join cases.item i on i.id = mine.activity order by i.opened desc limit 200
-- name: deputies_of
select 'person:' || p.id as ref from directory.person p
where p.kind = 'deputy' and p.active and (cardinality($1::text[]) = 0 or p.delegation = any($1))
  and not exists(select 1 from duties.mandate m where m.person = 'person:' || p.id and m.state in ('suspended', 'terminated', 'invalid'))
order by p.id
-- name: deputy_name
select name from directory.person where id = $1 and kind = 'deputy' and active
-- name: frozen_years
select year from duties.frozen_year
-- name: save_mandate
insert into duties.mandate(id, person, term, delegation, state, missed) values($1, $2, $3, $4, $5, $6)
on conflict(id) do update set delegation = excluded.delegation, state = excluded.state, missed = excluded.missed
-- name: save_item
insert into duties.item(id, person, kind, day, year, hours, origin, state, title) values($1, $2, $3, $4, $5, $6, $7, $8, $9)
on conflict(id) do update set kind = excluded.kind, day = excluded.day, year = excluded.year, hours = excluded.hours, state = excluded.state,
  title = excluded.title
-- name: freeze_year
insert into duties.frozen_year(year, at) values($1, $2) on conflict(year) do nothing
-- name: save_rating
insert into duties.rating(year, person, rater, points, by_id, at) values($1, $2, $3, $4, $5, $6)
on conflict(year, person, rater) do update set points = excluded.points, by_id = excluded.by_id, at = excluded.at
-- name: scored_people
select 'person:' || p.id as person, p.name, p.delegation,
  coalesce((select max(m.missed) from duties.mandate m where m.person = 'person:' || p.id), 0)::int as missed
from directory.person p
where p.kind = 'deputy' and (p.active or exists(select from duties.item i where i.person = 'person:' || p.id and i.year = $1))
  and ($2 = '' or p.delegation = $2) and ($3::text is null or 'person:' || p.id = $3)
-- name: counted_items
select person, kind, hours from duties.item where year = $1 and state in ('counted', 'frozen', 'disputed') and ($2::text is null or person = $2)
-- name: ratings_of
select person, rater, points from duties.rating where year = $1 and ($2::text is null or person = $2)
-- name: to_freeze
select id from duties.item where year = $1 and state = 'counted'
-- name: year_frozen
select true from duties.frozen_year where year = $1
-- name: person_card
select p.name, p.delegation, p.district, p.post, p.term, coalesce(m.state, 'in_office') as state from directory.person p
left join duties.mandate m on m.person = 'person:' || p.id
where p.id = $1 and p.kind = 'deputy' order by m.state limit 1
-- name: book_items
select id, kind, day::text as day, hours, title, origin, state from duties.item
where person = $1 and ($2::int is null or year = $2) and state in ('counted', 'frozen', 'disputed') order by day desc, id limit 2000
-- name: book_cases
select i.id, i.stream as kind, (i.opened at time zone 'Asia/Shanghai')::date::text as day, 0.0 as hours, i.title, i.number as origin, i.state
from cases.item i where i.stream = 'proposals' and i.lead = $1 and ($2::int is null or i.year = $2) and i.state not in ('draft', 'cosigning') and ($3 or i.open)
order by i.opened desc limit 500
-- name: uncounted_proposals
with done as (
  select i.id, i.title, (i.opened at time zone 'Asia/Shanghai')::date::text as day, unnest(array_remove(array_append(
    coalesce((select array_agg(x) from jsonb_array_elements_text(convert_from(i.body, 'UTF8')::jsonb -> 'parties' -> 'cosigner') x), '{}'), i.lead), null)) as person
  from cases.item i where i.stream = 'proposals' and i.state not in
    ('draft', 'cosigning', 'returned', 'delegation', 'submitted', 'review', 'refused', 'withdrawn', 'lapsed', 'secretariat', 'presidium', 'opinion'))
select * from done d where not exists(select from duties.item x where x.person = d.person and x.origin = 'proposal:' || d.id)
  and substr(d.day, 1, 4)::int not in (select year from duties.frozen_year) limit 500
