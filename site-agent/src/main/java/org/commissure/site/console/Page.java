package org.commissure.site.console;

/** A page of the console. Asked on the console's own threads, and may read the disk. */
interface Page {
    /** @throws org.commissure.protocol.UserError if what it shows cannot be read */
    View view(Ask ask);
}
