/**
 * Differential privacy of a patient: who is sampled, how far one patient can pull a gradient, the noise,
 * what it costs (Rényi accountant), what an attack measured, and the site's durable ledger.
 */
@NullMarked
package org.commissure.privacy.dp;

import org.jspecify.annotations.NullMarked;
