/** The page for each address; all in one file, since nothing is fetched from afar. */
import { createRouter, createWebHashHistory, type Router, type RouterHistory } from 'vue-router'
import { PAGES } from './addresses.ts'
import CartonsView from './views/CartonsView.vue'
import DashboardView from './views/DashboardView.vue'
import LabelsView from './views/LabelsView.vue'
import OrdersView from './views/OrdersView.vue'
import OrderView from './views/OrderView.vue'
import ProductsView from './views/ProductsView.vue'
import ReportsView from './views/ReportsView.vue'
import SettingsView from './views/SettingsView.vue'
import SetUpView from './views/SetUpView.vue'
import TemplatesView from './views/TemplatesView.vue'
import SpotCheckView from './views/SpotCheckView.vue'

export const createPages = (history: RouterHistory = createWebHashHistory()): Router =>
  createRouter({
    history,
    routes: [
      { path: PAGES.line, component: DashboardView },
      { path: PAGES.labels, component: LabelsView },
      { path: PAGES.cartons, component: CartonsView },
      { path: PAGES.templates, component: TemplatesView },
      { path: PAGES.order, component: OrderView },
      { path: PAGES.orders, component: OrdersView },
      { path: `${PAGES.orders}/:id`, component: OrderView },
      { path: PAGES.products, component: ProductsView },
      { path: PAGES.setUp, component: SetUpView },
      { path: PAGES.reports, component: ReportsView },
      { path: PAGES.spotCheck, component: SpotCheckView },
      { path: PAGES.settings, component: SettingsView },
      { path: '/:rest(.*)*', redirect: PAGES.line },
    ],
  })
