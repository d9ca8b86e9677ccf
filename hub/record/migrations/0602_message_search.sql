-- What was said is found by pairs of characters: a trigram index knows nothing of Chinese words, which are mostly of two.
-- Its cost keeps the planner from computing what the index holds.
create function talk.pairs(said text) returns text[] language sql immutable parallel safe cost 5000 as $$
  select array(select distinct two from (select one || lead(one) over (order by place) as two
                 from string_to_table(lower(said), null) with ordinality each(one, place)) pair where two is not null) $$;

create index message_pairs on talk.message using gin (talk.pairs(text));
