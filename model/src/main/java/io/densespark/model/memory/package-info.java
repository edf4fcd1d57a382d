/**
 * Native memory: what a replica will allocate (the plan), what it has allocated, and the views that kernels work on. The
 * replica and the kernels enter; Spark's driver enters for the plan alone.
 */
package io.densespark.model.memory;
