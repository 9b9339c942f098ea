/**
 * What BrainLM has to beat: a recurrent, a dense and a convolutional masked autoencoder built with Deeplearning4j,
 * behind the interface that BrainLM has. They take the same windows and masks and have one flat parameter vector each,
 * so they are trained, compared and federated by the same code.
 */
@NullMarked
package org.commissure.models.baseline;

import org.jspecify.annotations.NullMarked;
