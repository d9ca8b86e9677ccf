-- name: made_of
select made_of from search.document where id = $1

-- name: save
insert into search.document (id, kind, stream, title, at, url, refs, desks, path, public, made_of)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
on conflict (id) do update set kind = $2, stream = $3, title = $4, at = $5, url = $6, refs = $7, desks = $8, path = $9, public = $10, made_of = $11

-- name: clear
with gone as (delete from search.paragraph where document = $1) delete from search.meaning where document = $1

-- name: add
with prints as (update search.document set prints = $6::bigint[] where id = $1)
insert into search.paragraph (document, place, start, text, folded)
select $1, * from unnest($2::int[], $3::int[], $4::text[], $5::text[])

-- name: forget
delete from search.document where kind = $1 and id = $2

-- name: search
-- $1 queries, $2 the words they are for, $3 refs, $4 desks, $5 scopes, $6 kinds, $7 limit, $8 offset, $9 now, $10 paragraphs of each
-- The pairs of a word may stand in another order: `strpos` looks again. Every word must stand in the document.
with part as materialized (
    select p.document, p.place, w.n, (length(p.folded) - length(replace(p.folded, w.word, ''))) / length(w.word) as times
    from unnest($1::text[], $2::text[]) with ordinality w(query, word, n)
    join search.paragraph p on search.pairs(p.folded) @@ w.query::tsquery and strpos(p.folded, w.word) > 0
), found as (
    select document, count(distinct place) as hits, bool_or(place = 0) as titled, sum(times) as times
    from part group by document having count(distinct n) = cardinality($1)
), seen as (
    select d.id, d.kind, d.stream, d.title, d.at, d.url, f.hits,
           ln(1 + f.times::float8) + case when f.titled then 3 else 0 end
           + 2 / (1 + greatest(extract(epoch from $9::timestamptz - d.at)::float8, 0) / 31557600) as score
    from found f join search.document d on d.id = f.document
    where (d.public or d.refs && $3::text[] or d.desks && $4::text[] and d.path && $5::text[])
      and (cardinality($6::text[]) = 0 or d.kind = any($6) or d.stream = any($6))
)
select one.*, f.* from (select *, count(*) over () as matching from seen order by score desc, at desc, id limit $7 offset $8) one
cross join lateral (
    select p.place, p.start, coalesce(p.text, p.folded) as text, p.folded from search.paragraph p
    where p.document = one.id and exists (select from unnest($2::text[]) word where strpos(p.folded, word) > 0)
    order by p.place, p.start limit $10) f
order by one.score desc, one.at desc, one.id, f.place, f.start

-- name: alike
-- $1 fingerprints, $2 refs, $3 desks, $4 scopes, $5 stream or kind, $6 left out, $7 most
-- A fingerprint of a phrase that everybody uses says nothing and costs time: only the rarer ones name candidates.
select d.id, d.kind, d.stream, d.title, d.at, d.url, (select count(*) from unnest(d.prints) one where one = any($1::bigint[])) as shared
from search.document d
where d.prints && search.rarer($1::bigint[])
  and (d.public or d.refs && $2::text[] or d.desks && $3::text[] and d.path && $4::text[])
  and ($5 = '' or d.stream = $5 or d.kind = $5) and d.id is distinct from $6::uuid
order by shared desc, d.at desc limit $7

-- name: texts
select document, place, start, coalesce(text, folded) as text from search.paragraph where document = any($1::uuid[]) and place > 0
order by document, place, start

-- name: documents
select count(*) as documents, count(*) filter (where m.document is null and exists (select from search.paragraph p where p.document = d.id)) as waiting
from search.document d left join search.meaning m on m.document = d.id

-- name: not_understood
select d.id, d.made_of, d.title, array(select coalesce(p.text, p.folded) from search.paragraph p where p.document = d.id and p.place > 0 order by p.place, p.start limit 8) as texts
from search.document d
where not exists (select from search.meaning m where m.document = d.id) and exists (select from search.paragraph p where p.document = d.id) limit $1

-- name: understood
-- A document that was changed or forgotten meanwhile waits for its next turn.
insert into search.meaning (document, vector)
select one.id, one.vector from unnest($1::uuid[], $2::uuid[], $3::bytea[]) one(id, made_of, vector)
join search.document d on d.id = one.id and d.made_of = one.made_of on conflict do nothing

-- name: meanings
-- $1 refs, $2 desks, $3 scopes, $4 stream or kind, $5 left out, $6 most
select d.id, m.vector from search.meaning m join search.document d on d.id = m.document
where (d.public or d.refs && $1::text[] or d.desks && $2::text[] and d.path && $3::text[])
  and ($4 = '' or d.stream = $4 or d.kind = $4) and d.id is distinct from $5::uuid
order by d.at desc limit $6

-- name: titles
-- $1 refs, $2 desks, $3 scopes, $4 most. What is no case: those are for the duplicate check.
select d.id, d.kind, d.stream, d.title, d.at, d.url from search.document d
where d.kind <> 'case' and (d.public or d.refs && $1::text[] or d.desks && $2::text[] and d.path && $3::text[])
order by d.at desc limit $4

-- name: rows
select id, kind, stream, title, at, url from search.document where id = any($1::uuid[])
