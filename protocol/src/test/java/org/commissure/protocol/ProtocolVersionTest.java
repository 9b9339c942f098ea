package org.commissure.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.commissure.protocol.v1.ProtocolVersions;
import org.junit.jupiter.api.Test;

class ProtocolVersionTest {
    private static ProtocolVersions range(int minimum, int maximum) {
        return ProtocolVersions.newBuilder()
                .setMinimum(minimum)
                .setMaximum(maximum)
                .build();
    }

    @Test
    void thePeersAgreeOnTheHighestVersionBothSpeak() {
        assertThat(ProtocolVersion.negotiate(range(1, 9))).contains(ProtocolVersion.MAXIMUM);
    }

    @Test
    void rangesThatDoNotMeetAgreeOnNothing() {
        assertThat(ProtocolVersion.negotiate(range(ProtocolVersion.MAXIMUM + 1, ProtocolVersion.MAXIMUM + 2)))
                .isEmpty();
    }

    @Test
    void aPeerThatNamesNoVersionIsNotUnderstood() {
        assertThat(ProtocolVersion.negotiate(ProtocolVersions.getDefaultInstance()))
                .isEmpty();
    }
}
