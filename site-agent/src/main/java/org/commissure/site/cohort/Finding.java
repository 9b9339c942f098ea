package org.commissure.site.cohort;

/** What is wrong with a participant, and with which words. */
record Finding(RejectionReason reason, String message) {}
