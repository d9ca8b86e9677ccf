-- name: scene
-- The asker's seats in order of preference; the first that is a member speaks.
select c.id, c.kind, c.name, c.org, c.stations, c.people, c.pair, c.owners_only, c.closed_at is not null as closed,
       c.size, c.last_number, c.version,
       (select count(*) from talk.member m where m.conversation = c.id and m.standing = 'owner')::int as owners,
       me.ref as seat, me.standing
  from talk.conversation c
  left join lateral (select m.ref, m.standing from talk.member m
                      where m.conversation = c.id and m.ref = any($2::text[])
                      order by array_position($2::text[], m.ref) limit 1) me on true
 where c.id = $1

-- name: exists
select true from talk.conversation where id = $1

-- name: members_among
select ref, standing from talk.member where conversation = $1 and ref = any($2::text[])

-- name: member_refs
select ref from talk.member where conversation = $1

-- name: reach
-- How far somebody's contacts go: a console account's scopes; of a station or a person, its district, or
-- the city where it lies in none.
select array(select coalesce((select one from unnest(access.path_of(s)) one where one like 'district:%' limit 1),
                             case when split_part(s, ':', 1) in ('station', 'person') then 'city' else s end)
               from unnest($1::text[]) s)

-- name: known
-- Which of these can be written to: $1 refs, $2 and $3 the ids of people and accounts among them, $4 how far
-- the asker reaches, $5 whether to every station. The main station, and who runs the city, to everybody.
select id as ref from directory.organisation where id = any($1::text[]) and kind = 'station' and active and ($5 or path && $4)
union select 'station:0' where 'station:0' = any($1::text[])
union select 'person:' || id from directory.person where id = any($2::uuid[]) and active and path && $4
union select 'account:' || id from access.account
       where id = any($3::uuid[]) and not disabled and ('city' = any(scopes) or access.covers($4, scopes))

-- name: org_path
select path || id from directory.organisation where id = $1 and active

-- name: enlisted
select id as ref from directory.organisation where $2 and kind = 'station' and active and $1 = any(path)
union
select 'person:' || id from directory.person where $3 and active and $1 = any(path || org)

-- name: files_of_message
-- Own uploads, and what the asker can see already.
select f.id, f.mime, f.purpose from files.file f
 where f.id = any($1::uuid[])
   and (f.by_id = $2 or exists(select 1 from talk.message_file mf join talk.member m on m.conversation = mf.conversation
                                where mf.file = f.id and m.ref = any($3::text[])))

-- name: message_scene
select m.id, m.conversation, m.at, m.author, m.seat, m.recalled_at is not null as recalled, m.pinned_at is not null as pinned
  from talk.message m where m.id = $1

-- name: pinned_count
select count(*) from talk.message where conversation = $1 and pinned_at is not null

-- name: reply_stands
select true from talk.message where id = $1 and conversation = $2

-- name: insert_conversation
insert into talk.conversation(id, kind, name, org, stations, people, pair, by_id, created_at, changed_at, version)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, $10)

-- name: insert_members
with came as (
  insert into talk.member(conversation, ref, standing, joined_at, delivered, read)
  select $1, j.ref, j.standing, $4, c.last_number, c.last_number
    from unnest($2::text[], $3::text[]) j(ref, standing), talk.conversation c where c.id = $1
  on conflict do nothing returning ref)
update talk.conversation set size = size + (select count(*) from came), changed_at = $4, version = $5 where id = $1

-- name: delete_members
with went as (delete from talk.member where conversation = $1 and ref = any($2::text[]) returning ref)
update talk.conversation set size = size - (select count(*) from went), changed_at = $3, version = $4 where id = $1

-- name: set_standing
update talk.member set standing = $3 where conversation = $1 and ref = $2

-- name: rename
update talk.conversation set name = $2, changed_at = $3, version = $4 where id = $1

-- name: mute
update talk.conversation set owners_only = $2, changed_at = $3, version = $4 where id = $1

-- name: close
update talk.conversation set closed_at = $2, version = $3 where id = $1

-- name: touch
update talk.conversation set changed_at = $2, version = $3 where id = $1

-- name: insert_message
with c as (update talk.conversation set last_number = last_number + 1, changed_at = $4 where id = $2 returning last_number),
     m as (insert into talk.message(id, conversation, place, at, author, author_name, seat, shape, text, reply_to, mentions,
                                    everyone, notice, number, folded)
           select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, c.last_number, $15 from c),
     f as (insert into talk.message_file(message, place, file, conversation)
           select $1, u.o, u.file, $2 from unnest($14::uuid[]) with ordinality u(file, o))
update talk.member set read = c.last_number, delivered = c.last_number from c where conversation = $2 and ref = $7

-- name: recall_message
with gone as (delete from talk.message_file where message = $1)
update talk.message set text = '', folded = null, shape = 'recalled', mentions = '{}', everyone = false, reply_to = null, pinned_at = null,
       pinned_by = '', recalled_at = $2, recalled_by = $3, recall_reason = $4
 where id = $1 returning conversation

-- name: pin_message
update talk.message set pinned_at = $2, pinned_by = $3 where id = $1 and recalled_at is null returning conversation

-- name: answers_to
-- Messages that quote it; only recent ones can be on a screen.
select id from talk.message where reply_to = $1 and conversation = $2 order by number desc limit 50

-- name: expire_messages
with gone as (delete from talk.message where conversation = $1 and number <= $2 returning id),
     files as (delete from talk.message_file mf using gone where mf.message = gone.id)
update talk.conversation set first_number = greatest(first_number, $2 + 1) where id = $1

-- name: set_version
update talk.conversation set version = $2 where id = $1

-- name: save_retention
insert into talk.retention(kind, days) values ($1, $2) on conflict (kind) do update set days = excluded.days

-- name: expirable
select c.id, last.number as upto, c.version from talk.conversation c join talk.retention r using (kind),
       lateral (select m.number from talk.message m where m.conversation = c.id and m.at < $1::timestamptz - make_interval(days => r.days)
                 order by m.number desc limit 1) last
 where r.days is not null order by c.id limit $2

-- name: mark
with wanted as (select * from unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::text[]) w(conversation, delivered, read, ref)),
     mine as (select w.conversation, w.ref, least(greatest(w.delivered, w.read), c.last_number) as delivered,
                     least(w.read, c.last_number) as read
                from wanted w join talk.conversation c on c.id = w.conversation)
update talk.member m set delivered = greatest(m.delivered, mine.delivered), read = greatest(m.read, mine.read)
  from mine, talk.conversation c
 where m.conversation = mine.conversation and m.ref = mine.ref and c.id = m.conversation
   and (mine.delivered > m.delivered or mine.read > m.read)
returning m.conversation, m.ref, c.size, c.pair

-- name: seats_in
select conversation, ref from talk.member where conversation = any($1::uuid[]) and ref = any($2::text[])

-- name: mute_for_me
update talk.member set muted = $3 where conversation = $1 and ref = $2

-- name: listed
-- Conversations of one seat, for the list.
select m.conversation, count(*) over () as matching
  from talk.member m join talk.conversation c on c.id = m.conversation
  left join talk.member o on c.pair and o.conversation = c.id and o.ref <> m.ref
 where m.ref = $1 and ($2::text is null or (case when c.pair then talk.name_of(o.ref) else c.name end) ilike $2)
 order by c.changed_at desc, c.id limit $3 offset $4

-- name: rows
-- One row for each wanted (conversation, seat) that is a member.
select c.*, m.ref as seat, m.standing, m.read, m.delivered, m.muted, o.ref as other, o.read as other_read,
       o.delivered as other_delivered, case when c.pair then talk.name_of(o.ref) else c.name end as shown,
       greatest(0, c.last_number - greatest(m.read, c.first_number - 1)) as unread,
       (select count(*) from talk.message x where x.conversation = c.id and x.number > m.read and (x.everyone or x.mentions <> '{}')
           and (x.everyone or m.ref = any(x.mentions)) and x.seat <> m.ref) as mentioned,
       (select count(*) from talk.message x where x.conversation = c.id and x.pinned_at is not null) as pinned,
       l.id as l_id, l.number as l_number, l.at as l_at, l.author as l_author, l.author_name as l_author_name,
       l.shape as l_shape, left(l.text, 80) as l_text,
       case when l.text = '' then (select f.name from talk.message_file mf join files.file f on f.id = mf.file
                                    where mf.message = l.id order by mf.place limit 1) end as l_file
  from unnest($1::uuid[], $2::text[]) w(conversation, ref)
  join talk.member m on m.conversation = w.conversation and m.ref = w.ref
  join talk.conversation c on c.id = m.conversation
  left join talk.member o on c.pair and o.conversation = c.id and o.ref <> m.ref
  left join talk.message l on l.conversation = c.id and l.number = c.last_number
 order by c.changed_at desc, c.id

-- name: watched_members
-- `here`: the list may be open. Of a large group only who is connected is told; accounts stand in no link.
select m.conversation, m.ref,
       c.size <= $2 or m.ref = 'station:0' or m.ref like 'account:%'
         or m.ref in (select 'person:' || a.person from access.account a where a.person is not null)
         or m.ref in (select l.ref from dispatch.link l where l.online) as here
  from talk.member m join talk.conversation c on c.id = m.conversation where m.conversation = any($1::uuid[])

-- name: messages
select m.*, q.number as q_number, q.author_name as q_author_name, q.shape as q_shape, left(q.text, 120) as q_text,
       (select count(*) from talk.member r where r.conversation = m.conversation and r.read >= m.number and r.ref <> m.seat)::int
         as read_by
  from (select * from talk.message where conversation = $1 and number > $2 and number < $3
         order by case when $5 then number end, case when not $5 then -number end limit $4) m
  left join talk.message q on q.id = m.reply_to
 order by m.number

-- name: messages_by_id
select m.*, q.number as q_number, q.author_name as q_author_name, q.shape as q_shape, left(q.text, 120) as q_text,
       (select count(*) from talk.member r where r.conversation = m.conversation and r.read >= m.number and r.ref <> m.seat)::int
         as read_by
  from talk.message m left join talk.message q on q.id = m.reply_to
 where m.id = any($1::uuid[]) order by m.conversation, m.number

-- name: pinned
select id from talk.message where conversation = $1 and pinned_at is not null

-- name: files_of
select mf.message, f.id, f.name, f.mime, f.size, f.seconds
  from talk.message_file mf join files.file f on f.id = mf.file where mf.message = any($1::uuid[]) order by mf.message, mf.place

-- name: participants
select m.ref as id, talk.name_of(m.ref) as name, talk.kind_of(m.ref) as kind, talk.place_of(m.ref) as place, m.standing,
       m.delivered, m.read, m.joined_at, m.conversation, count(*) over () as matching
  from talk.member m
 where m.conversation = $1 and ($2::text is null or talk.name_of(m.ref) ilike $2)
   and ($3::text[] is null or m.ref = any($3))
 order by m.standing desc, m.ref limit $4 offset $5

-- name: search
select m.id, m.place, m.conversation, m.number, m.at, m.author_name, m.shape, left(m.text, 400) as text,
       case when c.pair then (select talk.name_of(o.ref) from talk.member o where o.conversation = c.id and o.ref <> me.ref limit 1)
            else c.name end as conversation_name
  from talk.member me join talk.message m on m.conversation = me.conversation join talk.conversation c on c.id = m.conversation
 where me.ref = $1 and search.pairs(coalesce(m.folded, m.text)) @@ $2::tsquery and strpos(coalesce(m.folded, m.text), $6) > 0
   and ($3::uuid is null or m.conversation = $3) and ($4::bigint is null or m.place < $4)
 order by m.place desc limit $5

-- name: contacts
-- As far as `known` reaches: $5 and $6 are its $4 and $5.
select *, count(*) over () as matching from (
  select 'station:0' as id, talk.name_of('station:0') as name, 'main' as kind, '' as place, 0 as rank
  union all
  select o.id, o.name, 'station', coalesce(p.name, ''), 1 from directory.organisation o
    left join directory.organisation p on p.id = o.parent
   where o.kind = 'station' and o.active and o.id <> 'station:0' and ($6 or o.path && $5)
  union all
  select 'account:' || a.id, a.name, 'account', '', 2 from access.account a
   where a.person is null and not a.disabled and ('city' = any(a.scopes) or access.covers($5, a.scopes))
  union all
  select 'person:' || p.id, p.name, p.kind, coalesce(o.name, ''), 3 from directory.person p
    left join directory.organisation o on o.id = p.org where p.active and p.path && $5) found
 where ($1::text is null or name ilike $1 or place ilike $1) and id <> all($2::text[])
 order by rank, name, id limit $3 offset $4

-- name: retention
select k.kind as id, r.days from unnest($1::text[]) with ordinality k(kind, o) left join talk.retention r using (kind) order by o

-- name: overview
select c.id, c.kind, c.name, c.org, c.size, (c.last_number - c.first_number + 1)::bigint as messages, c.closed_at is not null as closed,
       c.owners_only, c.created_at, c.by_id as created_by, l.at as last_at, c.pair, count(*) over () as matching,
       case when c.pair then (select string_agg(talk.name_of(m.ref), ' · ' order by m.ref) from talk.member m where m.conversation = c.id)
            else c.name end as shown
  from talk.conversation c left join talk.message l on l.conversation = c.id and l.number = c.last_number
 where (cardinality($1::text[]) = 0 or c.kind = any($1))
   and ($2::text is null or c.name ilike $2 or (c.pair and exists(
        select 1 from talk.member m where m.conversation = c.id and talk.name_of(m.ref) ilike $2)))
 order by c.changed_at desc, c.id limit $3 offset $4

-- name: export
select m.number, m.at, m.author_name, talk.name_of(m.seat) as seat, m.shape, m.text, m.notice, m.recalled_at, m.recalled_by,
       (select string_agg(f.name, '；' order by mf.place) from talk.message_file mf join files.file f on f.id = mf.file
         where mf.message = m.id) as files
  from talk.message m where m.conversation = $1 and m.number > $2 order by m.number limit $3

-- name: who_may_read_file
select exists(select 1 from talk.message_file mf join talk.member m on m.conversation = mf.conversation
               where mf.file = $1 and m.ref = any($2::text[]))

-- name: wrong_numbers
-- Counters that differ from the rows: numbers dense, sizes, and marks no further than there is.
select c.id::text as conversation, c.first_number, c.last_number, c.size, coalesce(m.n, 0) as messages, coalesce(p.n, 0) as members,
       coalesce(p.furthest, 0) as furthest
  from talk.conversation c
  left join (select conversation, count(*) n, min(number) low, max(number) high from talk.message group by 1) m on m.conversation = c.id
  left join (select conversation, count(*) n, max(greatest(read, delivered)) furthest, bool_or(read > delivered) crossed
               from talk.member group by 1) p on p.conversation = c.id
 where coalesce(m.n, 0) <> c.last_number - c.first_number + 1 or coalesce(m.low, c.first_number) <> c.first_number
    or coalesce(m.high, c.last_number) <> c.last_number or coalesce(p.n, 0) <> c.size
    or coalesce(p.furthest, 0) > c.last_number or p.crossed
