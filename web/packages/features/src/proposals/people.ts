export type { HubStreamsProposalsMessagesContactRow as ProposalContactRow } from '@hub/contract'
