import { App } from 'aws-cdk-lib';
import { FlightsStack } from './flights-stack';

const app = new App();

new FlightsStack(app, 'Flights', {
  apiUrl: app.node.tryGetContext('flightsApiUrl') ?? 'http://localhost:3000',
});
