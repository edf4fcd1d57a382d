/**
 * The elementwise passes and column sums on CPU, in plain Java. Rows are copied in bulk from native memory into a tile on
 * the heap that stays in cache; the loops over a tile are of the kind that the JIT turns into vector code, so they run
 * at the speed of memory, which the library's own passes over strided rows don't. Convolutions and products are the
 * library's. In this module {@code libtorch} enters, to compose its kernels for CPU; from outside nobody does.
 */
package io.densespark.model.cpu;
