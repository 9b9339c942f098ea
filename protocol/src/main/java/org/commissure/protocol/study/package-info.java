/**
 * The study file: what a consortium agrees on before a run. The coordinator parses it to run rounds,
 * every site parses the same bytes to decide whether its policy allows them.
 */
@NullMarked
package org.commissure.protocol.study;

import org.jspecify.annotations.NullMarked;
