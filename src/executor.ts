// The module that executors start with: the whole namespace, served to the thread that started this one. Not for import
// by users; a bundle of theirs copies it (or names it in ORTHANT_EXECUTOR) as it does with any worker.

import { serve } from './exec/executor/serve.ts';
import * as namespace from './index.ts';

serve(namespace);
