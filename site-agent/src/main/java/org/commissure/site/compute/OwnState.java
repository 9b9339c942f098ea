package org.commissure.site.compute;

/**
 * What a site keeps of a run from round to round, and never sends.
 *
 * @param local {@code [local parameters]}: its own tensors' values
 * @param control {@code [shared parameters]}: C_i, its control variate, times Kη; empty where the study has none
 */
@SuppressWarnings("ArrayRecordComponent") // on its way to or from a file; never compared
public record OwnState(float[] local, float[] control) {
    /** Of a study in which sites keep nothing. */
    public static final OwnState NOTHING = new OwnState(new float[0], new float[0]);

    @Override
    public String toString() {
        return "OwnState[" + local.length + " own, " + control.length + " of a control variate]";
    }
}
