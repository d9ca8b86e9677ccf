import type { Hub } from '@hub/client'
import { inject, type App, type InjectionKey } from 'vue'

const HUB: InjectionKey<Hub> = Symbol('hub')

export const provideHub = (app: App, hub: Hub): void => {
  app.provide(HUB, hub)
}

export const useHub = (): Hub => {
  const hub = inject(HUB)
  if (!hub) throw new Error('No hub was provided to this app.')
  return hub
}
