// Starts Blazor: many quick tries to reconnect first, then slower ones, for about three minutes (as long as the server keeps the circuit).
Blazor.start({
  circuit: {
    reconnectionOptions: {
      maxRetries: 60,
      retryIntervalMilliseconds: attempt => attempt >= 60 ? null : attempt < 5 ? 500 : attempt < 15 ? 1500 : 4000,
    },
  },
}).then(() => Blazor.addEventListener("enhancedload", () => window.portalTheme.apply()));
