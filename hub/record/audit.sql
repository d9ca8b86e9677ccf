-- name: note
insert into work.audit (at, actor, act, object, outcome, address, detail)
values ($1, $2, $3, $4, $5, $6, $7)

-- name: page
select id, at, actor, act, object, outcome, address, detail from work.audit
where ($1::text is null or actor = $1)
  and ($2::text is null or act = $2)
  and ($3::text is null or outcome = $3)
  and ($4::text is null or concat_ws(' ', actor, act, object, address, detail::text) ilike $4)
  and ($5::timestamptz is null or at >= $5)
  and ($6::timestamptz is null or at < $6)
  and ($7::bigint is null or id < $7)
order by id desc limit $8
