/**
 * Published comparisons of training at one site, federated, and on all patients together, simulated in one process on
 * data that one machine may hold. Nothing here talks to a federation.
 */
@NullMarked
package org.commissure.models.multisite;

import org.jspecify.annotations.NullMarked;
