/**
 * Differential privacy of a patient under add/remove neighbours: who is sampled, how far one patient
 * can pull a gradient, the noise, what it costs (Rényi accountant), and the site's durable ledger.
 */
@NullMarked
package org.commissure.privacy.dp;

import org.jspecify.annotations.NullMarked;
