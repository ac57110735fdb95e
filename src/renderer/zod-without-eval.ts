/** Imported before every schema: the content security policy forbids eval, so schemas must not even try it. */
import { z } from 'zod'

z.config({ jitless: true })
