package org.commissure.models.brainlm;

/**
 * One encoder layer's attention probabilities for a fully visible window, averaged over heads.
 *
 * @param cls attention of the CLS token to every token, {@code [tokens]} (CLS to itself is left out)
 * @param parcels {@code [parcels, parcels]}, row-major: the mean attention of a parcel's tokens to another's, summed
 *     over the other's tokens; a row and what it gives to CLS add to 1
 */
@SuppressWarnings("ArrayRecordComponent") // a result on its way to a file; never compared
public record AttentionMaps(float[] cls, float[] parcels) {}
