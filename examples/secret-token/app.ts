import { App } from 'aws-cdk-lib';
import { OrdersStack } from './orders-stack';

const app = new App();

new OrdersStack(app, 'SecretToken', {
  apiUrl: app.node.tryGetContext('ordersApiUrl') ?? 'https://api.example.com',
});
