/**
 * Which parcels a model's output rests on: integrated gradients, SmoothGrad and attention by parcel and by cortical
 * network, with the checks without which such maps mean nothing.
 */
@NullMarked
package org.commissure.models.attribution;

import org.jspecify.annotations.NullMarked;
