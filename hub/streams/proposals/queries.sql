-- name: deputies
-- $1 refs. Whose mandate rests or has ended is not in office, unless another mandate of his runs.
select 'person:' || p.id as ref, p.name, p.delegation, p.active and not coalesce(m.resting, false) as in_office,
    '常委会组成人员' = any(p.tags) as member
from directory.person p
left join (select lead, bool_or(state in ('suspended', 'terminated', 'expired', 'invalid')) and not bool_or(state = 'in_office') as resting
           from cases.item where stream = 'mandates' and refs && $1::text[] group by lead) m on m.lead = 'person:' || p.id
where p.kind = 'deputy' and 'person:' || p.id = any($1::text[])

-- name: in_office
-- All that majorities are counted of: who is suspended counts, whose mandate has ended does not.
select count(*)::int from directory.person p
left join (select lead, bool_or(state in ('terminated', 'expired')) and not bool_or(state in ('in_office', 'suspended')) as ended
           from cases.item where stream = 'mandates' group by lead) m on m.lead = 'person:' || p.id
where p.kind = 'deputy' and p.active and not coalesce(m.ended, false)

-- name: open_ones
select id from cases.item where id = any($1::uuid[]) and open

-- name: heads
select 'person:' || id as ref from directory.person
where kind = 'deputy' and active and delegation = $1 and '代表团负责人' = any(tags) order by code

-- name: units
select id, name from directory.organisation where kind = 'department' and active

-- name: first_term
-- Before any was begun there is that of most deputies.
select term from directory.person where kind = 'deputy' and active and term <> '' group by term order by count(*) desc, term limit 1

-- name: terms
-- Each until the next one, the latest first.
select name, since, lead(since) over (order by since) as until from proposals.term order by since desc

-- name: sessions
select id, name, term, first, last, motions_until from proposals.session order by first desc

-- name: save_session
insert into proposals.session values ($1, $2, $3, $4, $5, $6)
on conflict (id) do update set name = $2, term = $3, first = $4, last = $5, motions_until = $6

-- name: term_ends
-- Each term that a later one ends, also one that lies ahead.
select name, until from (select name, lead(since) over (order by since) as until from proposals.term) t where until is not null
union all
select ends, min(since) from proposals.term where ends <> '' and ends not in (select name from proposals.term) group by ends

-- name: save_term
insert into proposals.term (name, since, ends) values ($1, $2, $3) on conflict (name) do update set since = $2, ends = $3

-- name: save_year_report
insert into proposals.year_report (year, stage, text, figures, at, by_id) values ($1, $2, $3, $4, $5, $6)
on conflict (year) do update set stage = $2, text = $3, figures = coalesce($4, proposals.year_report.figures), at = $5, by_id = $6

-- name: year_report
select year, stage, text, figures from proposals.year_report where year = $1

-- name: unsent_of_other_terms
select id from proposals.item where state in ('draft', 'cosigning', 'returned') and term <> $1 order by id

-- name: unsent_motions
select id from proposals.item where state in ('draft', 'cosigning') and kind = 'motion' order by id

-- name: save_item
insert into proposals.item values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)
on conflict (id) do update set year = $2, term = $3, session = $4, kind = $5, topic = $6, delegation = $7, lead = $8, cosigners = $9, state = $10,
    key = $11, refusal = $12, into_case = $13, urgings = $14, contacts = $15, alike = $16, submitted = $17, accepted = $18, assigned = $19, ended = $20

-- name: drop_parts
-- $2 units that have a part still
delete from proposals.part where id = $1 and unit <> all($2::text[])

-- name: save_part
insert into proposals.part values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
on conflict (id, unit) do update set role = $3, assigned = $4, signed = $5, opinion = $6, rounds = $7, due = $8, replied = $9, on_time = $10,
    overdue = $11, class = $12, first_rating = $13, rating = $14, promise = $15, solve_by = $16, reported = $17, solved = $18, fulfilment = $19

-- name: save_letter
insert into proposals.letter values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing

-- name: commitments
-- $1 unit, $2 year, $3 only open ones, $4 the asker oversees, $5 his refs, $6 limit, $7 offset
select i.id as case, c.number, c.title, i.year, i.lead, p.unit, p.promise, p.solve_by, p.reported, p.solved, p.fulfilment,
    count(*) over ()::int as total
from proposals.part p
join proposals.item i on i.id = p.id
join cases.item c on c.id = i.id
where p.promise <> '' and ($1 = '' or p.unit = $1) and ($2::int is null or i.year = $2)
  and (not $3 or (p.fulfilment = '' and p.solved is not true)) and ($4 or c.open or c.refs && $5::text[])
order by p.fulfilment <> '', p.solve_by nulls last, c.number, i.id, p.unit limit $6 offset $7

-- name: key_items
-- $1 year, $2 the asker oversees, $3 his refs, $4 limit, $5 offset
select c.id, c.number, c.title, i.year, i.lead, c.units, c.state, c.body, c.version, i.urgings, i.contacts, c.due,
    count(*) over ()::int as total
from proposals.item i
join cases.item c on c.id = i.id
where i.key and ($1::int is null or i.year = $1) and ($2 or c.open or c.refs && $3::text[])
order by i.year desc, c.number, c.id limit $4 offset $5

-- name: public
-- $1 year, $2 topic, $3 words, $4 limit, $5 offset
select c.id, c.number, c.title, i.kind, i.topic, i.year, i.delegation, i.lead, c.state, i.accepted, c.units,
    (select min(p.replied) from proposals.part p where p.id = i.id) as replied,
    array(select p.rating from proposals.part p where p.id = i.id and p.rating <> '' order by p.unit) as ratings,
    count(*) over ()::int as total
from cases.item c
join proposals.item i on i.id = c.id
where c.stream = 'proposals' and c.open and ($1::int is null or i.year = $1) and ($2 = '' or i.topic = $2 or i.topic like $2 || '.%')
  and ($3 = '' or strpos(c.title, $3) > 0 or strpos(c.number, $3) > 0)
order by i.accepted desc nulls last, c.id desc limit $4 offset $5

-- name: letters
-- $1 cases: the last letter of each unit, where it may be public
select distinct on (l.id, l.unit) l.id, l.unit, l.number, l.class as klass, l.text, l.public from proposals.letter l
where l.id = any($1::uuid[]) order by l.id, l.unit, l.round desc

-- name: contacts
-- $1 refs of people, $2 units
select 'person:' || p.id as id, p.name, p.post, coalesce(o.name, '') as unit_name, p.phone, p.org, p.kind from directory.person p
left join directory.organisation o on o.id = p.org
where p.active and ('person:' || p.id = any($1::text[]) or (p.kind in ('handler', 'attendee') and p.org = any($2::text[])))
order by p.kind = 'attendee', p.kind, p.code

-- name: number_of
select number from cases.item where id = $1
