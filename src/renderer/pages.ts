/** The page for each address. */
import { createRouter, createWebHashHistory, type Router, type RouterHistory } from 'vue-router'
import { PAGES } from './addresses.ts'
import DashboardView from './views/DashboardView.vue'

export const createPages = (history: RouterHistory = createWebHashHistory()): Router =>
  createRouter({
    history,
    routes: [
      { path: PAGES.line, component: DashboardView },
      { path: PAGES.labels, component: () => import('./views/LabelsView.vue') },
      { path: PAGES.order, component: () => import('./views/OrderView.vue') },
      { path: PAGES.setUp, component: () => import('./views/SetUpView.vue') },
      { path: '/:rest(.*)*', redirect: PAGES.line },
    ],
  })
