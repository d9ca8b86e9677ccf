-- name: taking
select version, registered, leave, refused, signed_in, signed_out, answers is not null as answered from duties.taking where activity = $1 and person = $2
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
update duties.taking set version = $3, registered = false, leave = $4, refused = $5 where activity = $1 and person = $2
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
update duties.taking set version = $3, judged = $4, note = $5 where activity = $1 and person = $2
-- name: believed
select signed_in is not null and coalesce(judged, cardinality(doubts) = 0) as believed, note from duties.taking where activity = $1 and person = $2
-- name: person_of
select kind, name, org, code, gender, delegation, district, term, post, phone, openid, opt_out, tags from directory.person where id = $1 and active
-- name: moved_up
select person from (select person, row_number() over(order by joined) as place from duties.taking where activity = $1 and registered) ranked
where place = $2
-- name: takings
select t.activity, t.person, coalesce(p.name, t.person) as name, coalesce(p.delegation, '') as delegation, t.registered, t.leave, t.refused, t.signed_in,
  t.way, t.lon, t.lat, t.doubts, t.judged, t.signed_out, t.answers is not null as answered, t.answers,
  case when t.registered then row_number() over(partition by t.activity, t.registered order by t.joined) else 0 end as place
from duties.taking t left join directory.person p on 'person:' || p.id = t.person
where t.activity = $1 order by t.registered desc, t.joined
-- name: my_parts
select mine.*, coalesce((f.facts ->> 'quota')::int, 0) as quota, (f.facts ->> 'lon')::float as at_lon, (f.facts ->> 'lat')::float as at_lat from (
  select t.activity, t.person, coalesce(p.name, t.person) as name, coalesce(p.delegation, '') as delegation, t.registered, t.leave, t.refused, t.signed_in,
    t.way, t.lon, t.lat, t.doubts, t.judged, t.signed_out, t.answers is not null as answered, t.answers,
    case when t.registered then (select count(*) from duties.taking o where o.activity = t.activity and o.registered and o.joined <= t.joined) else 0 end as place
  from duties.taking t left join directory.person p on 'person:' || p.id = t.person where t.person = $1) mine
join cases.item i on i.id = mine.activity cross join lateral (select convert_from(i.body, 'UTF8')::jsonb -> 'facts' as facts) f
order by i.opened desc limit 200
-- name: deputies_of
select 'person:' || p.id as ref from directory.person p
where p.kind = 'deputy' and p.active and (cardinality($1::text[]) = 0 or p.delegation = any($1))
  and (not exists(select 1 from duties.mandate m where m.person = 'person:' || p.id and m.state in ('suspended', 'terminated', 'expired', 'invalid'))
    or exists(select 1 from duties.mandate m where m.person = 'person:' || p.id and m.state = 'in_office'))
order by p.id
-- name: deputy_name
select name from directory.person where id = $1 and kind = 'deputy' and active
-- name: frozen_years
select year from duties.frozen_year
-- name: save_mandate
insert into duties.mandate(id, person, term, delegation, state, missed) values($1, $2, $3, $4, $5, $6)
on conflict(id) do update set delegation = excluded.delegation, state = excluded.state, missed = excluded.missed
-- name: save_item
insert into duties.item(id, person, kind, day, year, hours, origin, state, title, counts)
values($1, $2, $3, $4, $5, $6, $7, $8, $9, $8 in ('counted', 'frozen'))
on conflict(id) do update set kind = excluded.kind, day = excluded.day, year = excluded.year, hours = excluded.hours, state = excluded.state,
  title = excluded.title, counts = excluded.counts or excluded.state = 'disputed' and duties.item.counts
-- name: version_when_frozen
-- $1 year, $2 its last day: the rules that held for it when it was frozen; null while it is not.
select coalesce((select r.version from cases.rule_set r where r.stream = 'duty_records' and r.valid_from <= $2::date and r.at <= y.at
  order by r.valid_from desc, r.version desc limit 1), 0) from duties.frozen_year y where y.year = $1
-- name: mandate_of
-- $1 person's number, $2 term: one that has not ended.
select exists(select from duties.mandate where person = 'person:' || $1::text and term = $2 and state not in ('terminated', 'invalid'))
-- name: not_registered
-- $1 a term.
select p.id::text as person, p.name, p.delegation, p.district, p.post from directory.person p
where p.kind = 'deputy' and p.active and p.term in ('', $1) and not exists(
  select from duties.mandate m where m.person = 'person:' || p.id and m.term = $1 and m.state not in ('terminated', 'invalid')) order by p.code, p.id
-- name: mandates_of_terms
select id, term from duties.mandate where term = any($1::text[]) and state in ('elected', 'checked', 'in_office', 'suspended') order by id
-- name: freeze_year
insert into duties.frozen_year(year, at) values($1, $2) on conflict(year) do nothing
-- name: save_rating
insert into duties.rating(year, person, rater, points, by_id, at) values($1, $2, $3, $4, $5, $6)
on conflict(year, person, rater) do update set points = excluded.points, by_id = excluded.by_id, at = excluded.at
-- name: scored_people
-- $1 year. A session missed takes points of the year it was held in, each once.
with missed as (
  select m.person, count(distinct one ->> 'session')::int as n
  from duties.mandate m join cases.item i on i.id = m.id
  cross join lateral jsonb_array_elements(convert_from(i.body, 'UTF8')::jsonb -> 'facts' -> 'absences') one
  where m.missed > 0 and one ->> 'approved' = 'false' and substr(one ->> 'on', 1, 4) = $1::int::text group by m.person)
select 'person:' || p.id as person, p.name, p.delegation, coalesce(missed.n, 0) as missed
from directory.person p left join missed on missed.person = 'person:' || p.id
where p.kind = 'deputy' and (p.active or exists(select from duties.item i where i.person = 'person:' || p.id and i.year = $1))
  and ($2 = '' or p.delegation = $2) and ($3::text is null or 'person:' || p.id = $3)
-- name: counted_items
select person, kind, hours from duties.item where year = $1 and counts and ($2::text is null or person = $2)
-- name: ratings_of
select person, rater, points from duties.rating where year = $1 and ($2::text is null or person = $2)
-- name: unsettled
select (select count(*) from duties.item where year = $1 and state in ('submitted', 'disputed'))::int
  + (select count(*) from duties.appeal where year = $1 and state = 'submitted')::int
-- name: adjusted
select person, sum(points)::float8 as points from duties.appeal where year = $1 and state = 'changed' and ($2::text is null or person = $2) group by person
-- name: open_appeal
select exists(select from duties.appeal where year = $1 and person = $2 and state = 'submitted')
-- name: save_appeal
insert into duties.appeal(id, year, person, state, points) values($1, $2, $3, $4, $5)
on conflict(id) do update set state = excluded.state, points = excluded.points
-- name: resting
select exists(select from duties.mandate where person = $1 and state in ('suspended', 'terminated', 'expired', 'invalid'))
  and not exists(select from duties.mandate where person = $1 and state = 'in_office')
-- name: to_freeze
select id from duties.item where year = $1 and state = 'counted'
-- name: year_frozen
select true from duties.frozen_year where year = $1
-- name: person_card
select p.name, coalesce(nullif(p.delegation, ''), m.delegation, '') as delegation, coalesce(nullif(p.district, ''), i.facts ->> 'district', '') as district,
  coalesce(nullif(p.post, ''), i.facts ->> 'post', '') as post, coalesce(nullif(p.term, ''), m.term, '') as term, coalesce(m.state, 'in_office') as state
from directory.person p left join duties.mandate m on m.person = 'person:' || p.id
left join lateral (select convert_from(c.body, 'UTF8')::jsonb -> 'facts' as facts from cases.item c where c.id = m.id) i on true
where p.id = $1 and p.kind = 'deputy'
order by array_position(array['in_office', 'suspended', 'checked', 'elected'], m.state::text), i.facts ->> 'elected_on' desc limit 1
-- name: book_items
select id, kind, day::text as day, hours, title, origin, state from duties.item
where person = $1 and ($2::int is null or year = $2) and (state in ('counted', 'frozen') or $5 and state = 'disputed')
  and ($3::date is null or day >= $3) and ($4::date is null or day <= $4) order by day desc, id limit 2000
-- name: book_cases
select i.id, i.stream as kind, (i.opened at time zone 'Asia/Shanghai')::date::text as day, 0.0 as hours, i.title, i.number as origin, i.state
from cases.item i where i.stream = 'proposals' and i.lead = $1 and ($2::int is null or i.year = $2) and not i.private and ($5 or i.open)
  and ($3::date is null or (i.opened at time zone 'Asia/Shanghai')::date >= $3)
  and ($4::date is null or (i.opened at time zone 'Asia/Shanghai')::date <= $4)
order by i.opened desc limit 500
-- name: book_cosigned
select count(*)::int from cases.item i where i.stream = 'proposals' and i.refs @> array[$1::text] and i.lead is distinct from $1
  and i.state not in ('draft', 'cosigning') and ($2::int is null or i.year = $2) and ($5 or i.open)
  and ($3::date is null or (i.opened at time zone 'Asia/Shanghai')::date >= $3)
  and ($4::date is null or (i.opened at time zone 'Asia/Shanghai')::date <= $4)
  and convert_from(i.body, 'UTF8')::jsonb -> 'parties' -> 'cosigner' ? $1
-- name: book_mandates
select m.id, m.term, m.state, convert_from(i.body, 'UTF8')::jsonb -> 'facts' as facts from duties.mandate m join cases.item i on i.id = m.id
where m.person = $1 and m.state <> 'invalid' order by i.opened
-- name: book_activities
select count(*)::int as invited, count(t.activity) filter (where t.registered)::int as registered,
  count(t.activity) filter (where t.signed_in is not null and coalesce(t.judged, cardinality(t.doubts) = 0))::int as attended
from cases.item i left join duties.taking t on t.activity = i.id and t.person = $1
cross join lateral (select ((convert_from(i.body, 'UTF8')::jsonb -> 'facts' ->> 'starts')::timestamptz at time zone 'Asia/Shanghai')::date as day) d
where i.stream = 'activities' and i.state in ('held', 'summed_up', 'archived') and i.refs @> array[$1::text]
  and ($2::int is null or extract(year from d.day) = $2) and ($3::date is null or d.day >= $3) and ($4::date is null or d.day <= $4)
-- name: uncounted_proposals
-- A suggestion counts for the year in which it was accepted, a motion for that in which it was handed in; not for that of its first line.
with done as (
  select i.id, case when i.confidential then '一件不公开的建议' else i.title end as title, coalesce(f.facts ->> 'accepted_on', f.facts ->> 'submitted_on', (i.opened at time zone 'Asia/Shanghai')::date::text) as day,
   unnest(array_remove(array_append(
    coalesce((select array_agg(x) from jsonb_array_elements_text(convert_from(i.body, 'UTF8')::jsonb -> 'parties' -> 'cosigner') x), '{}'), i.lead), null)) as person
  from cases.item i cross join lateral (select convert_from(i.body, 'UTF8')::jsonb -> 'facts' as facts) f
  where i.stream = 'proposals' and not i.private and i.state not in
    ('returned', 'delegation', 'submitted', 'review', 'refused', 'withdrawn', 'lapsed', 'secretariat', 'presidium', 'opinion', 'questioned'))
select * from done d where not exists(select from duties.item x where x.person = d.person and x.origin = 'proposal:' || d.id)
  and substr(d.day, 1, 4)::int not in (select year from duties.frozen_year) limit 500
-- name: titles_to_keep_back
select x.id, c.version, '一件不公开的建议' as title from cases.item i join duties.item x on x.origin = 'proposal:' || i.id join cases.item c on c.id = x.id
where i.stream = 'proposals' and i.confidential and x.title <> '一件不公开的建议' limit 500
-- name: held_topics
select b.topic from duties.booking b join cases.item i on i.id = b.topic
where b.year = $1 and b.person = $2 and b.booked and i.state <> 'cancelled' and b.chosen is distinct from false
-- name: booking_version
select version from duties.booking_year where year = $1 and person = $2
-- name: booked
insert into duties.booking(topic, person, year, joined, booked) values($1, $2, $3, $4, true)
on conflict(topic, person) do update set joined = excluded.joined, booked = true
-- name: unbooked
update duties.booking set booked = false where topic = $1 and person = $2
-- name: save_booking_year
insert into duties.booking_year(year, person, version) values($1, $2, $3) on conflict(year, person) do update set version = excluded.version
-- name: choose
update duties.booking set chosen = person = any($2::text[]) where topic = $1 and booked
-- name: bookings
select b.topic, b.person, coalesce(p.name, b.person) as name, coalesce(p.delegation, '') as delegation,
  row_number() over(order by b.joined)::int as place, b.chosen,
  (select count(*)::int from duties.booking o where o.person = b.person and o.year = b.year and o.chosen and o.topic <> b.topic) as held,
  coalesce((select array_agg(x) from duties.mandate m join cases.item i on i.id = m.id
    cross join lateral jsonb_array_elements_text(convert_from(i.body, 'UTF8')::jsonb -> 'facts' -> 'specialities') x
    where m.person = b.person and m.state = 'in_office'), '{}') as specialities
from duties.booking b left join directory.person p on 'person:' || p.id = b.person
where b.topic = $1 and b.booked order by b.joined
-- name: bookers_ever
select person from duties.booking where topic = $1
-- name: topics_of_year
select i.id, i.number, i.title, i.kind, i.state, (f.facts ->> 'until')::date as until, coalesce((f.facts ->> 'quota')::int, 0) as quota,
  coalesce((select array_agg(x) from jsonb_array_elements_text(f.facts -> 'specialities') x), '{}') as specialities,
  (select count(*)::int from duties.booking b where b.topic = i.id and b.booked) as booked,
  coalesce(mine.booked, false) as mine, mine.chosen,
  (coalesce(mine.booked, false) and i.state <> 'cancelled' and mine.chosen is distinct from false)::int as counts
from cases.item i cross join lateral (select convert_from(i.body, 'UTF8')::jsonb -> 'facts' as facts) f
left join duties.booking mine on mine.topic = i.id and mine.person = $2
where i.stream = 'duty_topics' and i.open and (f.facts ->> 'year')::int = $1 order by i.state <> 'open', i.opened desc limit 500
-- name: open_topics
select count(*) from cases.item i where i.stream = 'duty_topics' and i.state = 'open' and (convert_from(i.body, 'UTF8')::jsonb -> 'facts' ->> 'year')::int = $1
-- name: chosen_of
select b.person as ref from duties.booking b join directory.person p on 'person:' || p.id = b.person
where b.topic = $1 and b.chosen and p.active
  and (not exists(select 1 from duties.mandate m where m.person = b.person and m.state in ('suspended', 'terminated', 'expired', 'invalid'))
    or exists(select 1 from duties.mandate m where m.person = b.person and m.state = 'in_office')) order by b.joined
-- name: talkers
select person, joined, registered and ($2 = 0 or place <= $2) as takes_part from (
  select person, joined, registered, row_number() over(partition by registered order by joined) as place from duties.taking where activity = $1) t order by place
-- name: talk_left
select pos, type, schema, data from es.events where stream = $1 and type = $2 order by pos
-- name: talk_members
select ref from talk.member where conversation = $1
-- name: seat_of_account
select case when person is null then 'account:' || id else 'person:' || person end from access.account where 'account:' || id = $1 and not disabled
-- name: to_remind
select person from (
  select person, signed_in, row_number() over(order by joined) as place from duties.taking where activity = $1 and registered) t
where signed_in is null and ($2 = 0 or place <= $2) order by place
-- name: spread
with did as (
  select person, count(*) as records, sum(hours) as hours from duties.item where year = $1 and counts group by person),
led as (
  select lead, count(*) as n from cases.item where stream = 'proposals' and year = $1 and not private and (open or $3) group by lead),
placed as (
  select coalesce(d.id, 'city') as place, coalesce(d.name, (select name from directory.organisation where id = 'city'), '') as name,
    coalesce(did.records, 0) as records, coalesce(did.hours, 0) as hours, coalesce(led.n, 0) as proposals
  from directory.person p left join directory.organisation d on d.kind = 'district' and d.id = any(p.path)
  left join did on did.person = 'person:' || p.id left join led on led.lead = 'person:' || p.id
  where p.kind = 'deputy' and p.active and ($2::text[] is null or p.path && $2))
select place as id, name, (select avg(s.lon) from directory.organisation s where s.kind = 'station' and s.active and place = any(s.path)) as lon,
  (select avg(s.lat) from directory.organisation s where s.kind = 'station' and s.active and place = any(s.path)) as lat,
  count(*)::int as deputies, count(*) filter (where records + proposals > 0)::int as active, sum(records)::int as records, sum(hours)::float8 as hours,
  sum(proposals)::int as proposals
from placed group by place, name order by place
-- name: placed
with did as (
  select person, count(*) as records, sum(hours) as hours from duties.item where year = $1 and counts group by person),
led as (
  select lead, count(*) as n from cases.item where stream = 'proposals' and year = $1 and not private and (open or $4) group by lead)
select p.id::text as id, p.name, p.delegation, p.post, coalesce(did.records, 0)::int as records, coalesce(did.hours, 0)::float8 as hours,
  coalesce(led.n, 0)::int as proposals
from directory.person p left join directory.organisation d on d.kind = 'district' and d.id = any(p.path)
left join did on did.person = 'person:' || p.id left join led on led.lead = 'person:' || p.id
where p.kind = 'deputy' and p.active and ($2::text[] is null or p.path && $2) and coalesce(d.id, 'city') = $3 order by p.name, p.id limit 2000
