/**
 * Benchmarks: what a replica costs on this machine, and what a cluster gives. Rooms: {@code cli} (the commands; they enter
 * the benchmarks), {@code replica} (a training step beside other implementations of the same network), {@code pass} (each of
 * its passes by itself), {@code bigdl} (beside real BigDL), {@code memory} (feature maps against depth), {@code cluster}
 * (steps by the number of replicas), {@code step} (the measured processes), {@code profile} (where the time of a step
 * goes) and {@code report} (files, tables, plots and pages). This package itself holds what several rooms share; it knows none of them.
 */
package io.densespark.benchmark;
