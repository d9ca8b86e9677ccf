import type { PersonCard, SavePerson } from '@hub/contract'

/** The form of somebody new. */
export const blankPerson = (person: string): Required<SavePerson> => ({
  person,
  kind: 'deputy',
  name: '',
  org: '',
  code: '',
  gender: '',
  delegation: '',
  district: '',
  term: '',
  post: '',
  phone: '',
  openid: '',
  opt_out: [],
  tags: [],
  version: null,
})

export const formOf = (card: PersonCard): Required<SavePerson> => ({
  ...blankPerson(card.id),
  ...(Object.fromEntries(
    Object.keys(blankPerson(''))
      .filter((key) => key in card)
      .map((key) => [key, card[key as keyof PersonCard]]),
  ) as Partial<SavePerson>),
})
