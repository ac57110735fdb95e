/** The addresses of the pages; in the fragment, so that a reload finds its page under every host. */
export const PAGES = {
  line: '/',
  labels: '/labels',
  cartons: '/cartons',
  templates: '/templates',
  order: '/order',
  orders: '/orders',
  products: '/products',
  setUp: '/set-up',
  reports: '/reports',
  spotCheck: '/spot-check',
  settings: '/settings',
} as const

/** The page of one order. */
export const orderPage = (id: string): string => `${PAGES.orders}/${encodeURIComponent(id)}`
