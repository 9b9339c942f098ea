/**
 * The masked autoencoder on parcellated BOLD (BrainLM, Ortega Caro et al., ICLR 2024) in the variant {@code
 * commissure-small}. Federated code sees flat float32 vectors and one patient's window at a time; nothing here knows of
 * rounds, sites or privacy.
 */
@NullMarked
package org.commissure.models.brainlm;

import org.jspecify.annotations.NullMarked;
