/** Files leave from a form as they do from a message: in pieces, resumed where they broke off. */
export { useEnclosures } from '../conversations/enclosures'
export { default as EnclosureList } from '../conversations/parts/EnclosureList.vue'
