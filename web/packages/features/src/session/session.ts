import type { LinkState } from '@hub/client'
import type { Me, Permission } from '@hub/contract'
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { useHub } from '../page/hub'

/** Who sits here, what he may, and whether the line stands. */
export const useSession = defineStore('session', () => {
  const hub = useHub()
  const me = shallowRef<Me | null>(null)
  const link = ref<LinkState>(hub.link.value)
  const asked = ref(false)

  hub.person.subscribe((person) => (me.value = person))
  hub.link.subscribe((state) => (link.value = state))

  const arrive = async (): Promise<Me | null> => {
    if (asked.value) return me.value
    const person = await hub.me()
    asked.value = true
    return person
  }
  const signIn = async (login: string, password: string, code?: string): Promise<Me> => {
    const person = await hub.signIn(login, password, code)
    asked.value = true
    return person
  }
  /** Asks anew, after something that is owed was done. */
  const renew = (): Promise<Me | null> => hub.me()

  return {
    me,
    link,
    arrive,
    signIn,
    renew,
    signOut: () => hub.signOut(),
    owes: computed(() => me.value?.owes ?? []),
    can: (permission: Permission): boolean => me.value?.permissions.includes(permission) ?? false,
  }
})
