/**
 * Which library commands which device: {@link io.densespark.model.backend.Backends} is the one place that chooses, {@link
 * io.densespark.model.backend.DeviceReplica} a replica on what it chose. Whoever makes replicas enters. In this module nobody enters.
 */
package io.densespark.model.backend;
