import { Module } from '@nestjs/common';
import { StoredLayer } from './stored-layer.js';

/** What people set, in the configuration. Changes nothing, so that commands can use it anywhere. */
@Module({ providers: [StoredLayer], exports: [StoredLayer] })
export class StoredLayerModule {}
