-- name: anybody
select exists(select from cases.subscription where not ended)
-- name: subscription
select holder, version, ended from cases.subscription where id = $1
-- name: others
select count(*)::int from cases.subscription where holder = $1 and id <> $2 and not ended
-- name: save
insert into cases.subscription(id, holder, version, words, topics, streams, at, pos) values($1, $2, $3, $4, $5, $6, $7, $8)
on conflict(id) do update set version = excluded.version, words = excluded.words, topics = excluded.topics, streams = excluded.streams,
  ended = false
-- name: end
update cases.subscription set ended = true, version = $2 where id = $1
-- name: not_alerted
select s.id, s.holder, s.words, s.topics, s.streams from cases.subscription s
where not s.ended and not exists(select from cases.subscription_hit h where h.case_id = $1 and h.holder = s.holder) order by s.pos
-- name: add_hit
insert into cases.subscription_hit(subscription, case_id, holder, word, at) values($1, $2, $3, $4, $5) on conflict do nothing
-- name: held
select s.id, s.holder, s.words, s.topics, s.streams, s.at, count(h.case_id)::int as hits, max(h.at) as last
from cases.subscription s left join cases.subscription_hit h on h.subscription = s.id
where (s.holder = any($1::text[]) or $2 and s.holder like 'station:%') and not s.ended group by s.id order by s.pos
-- name: holder
select holder from cases.subscription where id = $1 and not ended
