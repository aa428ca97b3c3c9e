class Orders {
  private readonly aborted = false;

  /** Needs its object. */
  public fetchPage({ pageNumber }: { pageNumber: number }): unknown {
    return [{ pageNumber, aborted: this.aborted }];
  }
}

export default new Orders();
