/**
 * The regional mean-field model: one excitatory population for each cortical region, coupled by the
 * structural connectome, observed through the Balloon–Windkessel haemodynamics (Deco et al. 2013;
 * Wang et al. 2019, "Inversion of a large-scale circuit model"; Kong et al. 2021, "Sensory-motor
 * cortices shape functional connectivity dynamics"). This package holds the model's quantities; the
 * engines that simulate it are in {@code simulation}, what is compared with data in {@code
 * statistics}.
 */
@NullMarked
package org.commissure.models.meanfield;

import org.jspecify.annotations.NullMarked;
